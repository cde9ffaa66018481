// One's own account: its tokens and its password.

import type { Browser, Page } from '@playwright/test';

import { visit } from '../fixtures/navigation.ts';
import { fillSignIn, createUser, signIn, type User } from '../fixtures/users.ts';
import { disclosure } from '../fixtures/disclosure.ts';
import type { TestServer } from '../fixtures/test-server.ts';
import { expect, test } from '../fixtures/test.ts';

const ONCE = 'Copy the new token now: it is not shown again.';
const CHANGED = 'Your password is changed, and your other browsers are signed out. Your tokens go on working.';

const section = (page: Page, name: string) =>
  page.locator('section').filter({ has: page.getByRole('heading', { level: 2, name, exact: true }) });
const tokens = (page: Page) => section(page, 'Tokens');
const row = (page: Page, name: string) => tokens(page).getByRole('row').filter({ hasText: name });

/** What the API answers to somebody with this token. */
async function asked(server: TestServer, token: string, method = 'GET', path = '/api/home/ping'): Promise<number> {
  const answer = await fetch(`${server.url}${path}`, { method, headers: { Authorization: `Bearer ${token}` } });
  await answer.arrayBuffer();
  return answer.status;
}

async function makeToken(page: Page, name: string, scope: string, ends: string): Promise<string> {
  await disclosure(page, 'New token').click();
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Scope').selectOption({ label: scope });
  await page.getByLabel('Stops working after').selectOption({ label: ends });
  await page.getByRole('button', { name: 'Create token' }).click();
  await expect(tokens(page).getByText(ONCE)).toBeVisible();
  return await tokens(page).getByRole('region', { name: 'Token' }).innerText();
}

async function revoke(page: Page, name: string): Promise<void> {
  await row(page, name).locator('summary').click();
  await row(page, name).getByRole('button', { name: 'Revoke the token' }).click();
  await expect(row(page, name)).toHaveCount(0);
}

async function changePassword(page: Page, current: string, next: string): Promise<void> {
  const form = section(page, 'Password');
  await form.getByLabel('Current password').fill(current);
  await form.getByLabel('New password').fill(next);
  await form.getByRole('button', { name: 'Change password' }).click();
}

/** Somebody of whom no other test knows, signed in. */
async function somebody(browser: Browser, server: TestServer): Promise<User & { state: Awaited<ReturnType<typeof signIn>> }> {
  const person = await createUser(server);
  return { ...person, state: await signIn(browser, server, person) };
}

for (const scripts of [true, false]) {
  test.describe(scripts ? 'with scripts' : 'without scripts', () => {
    const go = async (page: Page) => void (scripts ? await visit(page, '/account') : await page.goto('/account'));

    test('a token is shown once, works for a script, and is revoked', async ({ browser, openPage, server }) => {
      const { state } = await somebody(browser, server);
      const page = await openPage(undefined, { storageState: state, javaScriptEnabled: scripts });
      await go(page);
      await expect(tokens(page).getByText('You have none yet.')).toBeVisible();

      const writes = await makeToken(page, 'GPU box', 'Write: log, upload, change', '30 days');
      expect(writes).toMatch(/^groundglass_/);
      await expect(page.getByRole('button', { name: 'Create token' })).toBeHidden();
      await expect(row(page, 'GPU box')).toContainText('write');
      await expect(row(page, 'GPU box')).toContainText('never');
      expect(await asked(server, writes)).toBe(200);

      await go(page);
      await expect(row(page, 'GPU box')).toBeVisible();
      await expect(page.getByText(ONCE)).toHaveCount(0);
      await expect(page.getByText(writes)).toHaveCount(0);
      await expect(row(page, 'GPU box').getByRole('cell').nth(3)).not.toHaveText('never');

      const reads = await makeToken(page, 'Notebook', 'Read: look only', 'Never');
      expect(await asked(server, reads, 'POST', '/api/experiment/00000000-0000-0000-0000-000000000000/logs')).toBe(403);

      await revoke(page, 'GPU box');
      await expect.poll(async () => await asked(server, writes)).toBe(401);
      expect(await asked(server, reads)).toBe(200);
      await expect(row(page, 'Notebook')).toBeVisible();
    });

    test('a new password ends the sessions elsewhere', async ({ browser, openPage, server, browserErrors }) => {
      const { state, email, password } = await somebody(browser, server);
      const there = await openPage(undefined, { storageState: await signIn(browser, server, { email, password }) });
      const page = await openPage(undefined, { storageState: state, javaScriptEnabled: scripts });
      await go(page);

      if (scripts) browserErrors.expectStatus(422);
      await changePassword(page, 'not my password', 'lenses are made of glass');
      await expect(page.getByRole('alert')).toHaveText('This is not your current password.');
      await changePassword(page, password, 'short');
      await expect(page.getByRole('alert')).toHaveText(/^The password needs at least 8 characters/);

      await changePassword(page, password, 'lenses are made of glass');
      await expect(section(page, 'Password').getByText(CHANGED)).toBeVisible();
      await expect(page.getByRole('alert')).toHaveCount(0);
      await expect(page.getByLabel('Current password')).toHaveValue('');

      await go(page);
      await expect(page.getByText('This browser')).toBeVisible();
      await there.goto('/account');
      await expect(there).toHaveURL('/sign-in?next=/account');
      await fillSignIn(there, email, 'lenses are made of glass');
      await expect(there).toHaveURL('/account');
    });
  });
}
