// The account page: tokens and password.

import type { Browser, Page } from '@playwright/test';

import { disclosure } from '../fixtures/disclosure.ts';
import { visit } from '../fixtures/navigation.ts';
import type { TestServer } from '../fixtures/test-server.ts';
import { expect, test } from '../fixtures/test.ts';
import { createUser, fillSignIn, signIn, type User } from '../fixtures/users.ts';

const SHOWN_ONCE = "Copy the new token now. It won't be shown again.";
const PASSWORD_CHANGED = 'Password changed. Your other browsers are signed out; your tokens still work.';

const section = (page: Page, name: string) =>
  page.locator('section').filter({ has: page.getByRole('heading', { level: 2, name, exact: true }) });
const tokenSection = (page: Page) => section(page, 'Tokens');
const tokenRow = (page: Page, name: string) => tokenSection(page).getByRole('row').filter({ hasText: name });

/** Sends a request with this token to the API and returns the status. */
async function statusWithToken(server: TestServer, token: string, method = 'GET', path = '/api/home/ping'): Promise<number> {
  const response = await fetch(`${server.url}${path}`, { method, headers: { Authorization: `Bearer ${token}` } });
  await response.arrayBuffer();
  return response.status;
}

async function createToken(page: Page, name: string, scope: string, expiry: string): Promise<string> {
  await disclosure(page, 'New token').click();
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Scope').selectOption({ label: scope });
  await page.getByLabel('Expires after').selectOption({ label: expiry });
  await page.getByRole('button', { name: 'Create token' }).click();
  await expect(tokenSection(page).getByText(SHOWN_ONCE)).toBeVisible();
  return await tokenSection(page).getByRole('region', { name: 'Token' }).innerText();
}

async function revokeToken(page: Page, name: string): Promise<void> {
  await tokenRow(page, name).locator('summary').click();
  await tokenRow(page, name).getByRole('button', { name: 'Revoke token' }).click();
  await expect(tokenRow(page, name)).toHaveCount(0);
}

async function changePassword(page: Page, current: string, next: string): Promise<void> {
  const form = section(page, 'Password');
  await form.getByLabel('Current password').fill(current);
  await form.getByLabel('New password').fill(next);
  await form.getByRole('button', { name: 'Change password' }).click();
}

/** Creates a user that no other test uses, and signs them in. */
async function createSignedInUser(browser: Browser, server: TestServer): Promise<User & { state: Awaited<ReturnType<typeof signIn>> }> {
  const user = await createUser(server);
  return { ...user, state: await signIn(browser, server, user) };
}

for (const scripts of [true, false]) {
  test.describe(scripts ? 'with JavaScript' : 'without JavaScript', () => {
    const openAccount = async (page: Page) => void (scripts ? await visit(page, '/account') : await page.goto('/account'));

    test('shows a new token once, accepts it in the API, and revokes it', async ({ browser, openPage, server }) => {
      const { state } = await createSignedInUser(browser, server);
      const page = await openPage(undefined, { storageState: state, javaScriptEnabled: scripts });
      await openAccount(page);
      await expect(tokenSection(page).getByText('No tokens yet.')).toBeVisible();

      const writeToken = await createToken(page, 'GPU box', 'Read and write', '30 days');
      expect(writeToken).toMatch(/^groundglass_/);
      await expect(page.getByRole('button', { name: 'Create token' })).toBeHidden();
      await expect(tokenRow(page, 'GPU box')).toContainText('write');
      await expect(tokenRow(page, 'GPU box')).toContainText('Never');
      expect(await statusWithToken(server, writeToken)).toBe(200);

      await openAccount(page);
      await expect(tokenRow(page, 'GPU box')).toBeVisible();
      await expect(page.getByText(SHOWN_ONCE)).toHaveCount(0);
      await expect(page.getByText(writeToken)).toHaveCount(0);
      await expect(tokenRow(page, 'GPU box').getByRole('cell').nth(3)).not.toHaveText('Never');

      const readToken = await createToken(page, 'Notebook', 'Read only', 'Never');
      expect(await statusWithToken(server, readToken, 'POST', '/api/experiment/00000000-0000-0000-0000-000000000000/logs')).toBe(403);

      await revokeToken(page, 'GPU box');
      await expect.poll(async () => await statusWithToken(server, writeToken)).toBe(401);
      expect(await statusWithToken(server, readToken)).toBe(200);
      await expect(tokenRow(page, 'Notebook')).toBeVisible();
    });

    test('changing the password ends the sessions of other browsers', async ({ browser, openPage, server, browserErrors }) => {
      const { state, email, password } = await createSignedInUser(browser, server);
      const otherPage = await openPage(undefined, { storageState: await signIn(browser, server, { email, password }) });
      const page = await openPage(undefined, { storageState: state, javaScriptEnabled: scripts });
      await openAccount(page);

      if (scripts) browserErrors.expectStatus(422);
      await changePassword(page, 'not my password', 'lenses are made of glass');
      await expect(page.getByRole('alert')).toHaveText('This is not your current password.');
      await changePassword(page, password, 'short');
      await expect(page.getByRole('alert')).toHaveText(/^The password needs at least 8 characters/);

      await changePassword(page, password, 'lenses are made of glass');
      await expect(section(page, 'Password').getByText(PASSWORD_CHANGED)).toBeVisible();
      await expect(page.getByRole('alert')).toHaveCount(0);
      await expect(page.getByLabel('Current password')).toHaveValue('');

      await openAccount(page);
      await expect(page.getByText('This browser')).toBeVisible();
      await otherPage.goto('/account');
      await expect(otherPage).toHaveURL('/sign-in?next=/account');
      await fillSignIn(otherPage, email, 'lenses are made of glass');
      await expect(otherPage).toHaveURL('/account');
    });
  });
}
