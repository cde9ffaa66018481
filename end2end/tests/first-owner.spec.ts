// The first start: there are no users, and a one-time link creates the first owner.

import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from '@playwright/test';

import { disclosure } from '../fixtures/disclosure.ts';
import { visit } from '../fixtures/navigation.ts';
import type { TestServer } from '../fixtures/test-server.ts';
import { expect, test } from '../fixtures/test.ts';
import { fillSignIn } from '../fixtures/users.ts';

const EMAIL = 'first@example.org';
const PASSWORD = 'a password of good length';

test.beforeEach(async ({ freshServer }) => {
  await freshServer.start();
});

function firstOwnerLink(server: TestServer): string {
  return readFileSync(join(server.dataDir, 'first-owner-link'), 'utf8').trim();
}

async function submitWelcome(page: Page, password: string): Promise<void> {
  await page.getByLabel('Your name').fill('Fay First');
  await page.getByLabel('E-mail').fill(EMAIL);
  await page.getByLabel('New password').fill(password);
  await page.getByRole('button', { name: 'Create account' }).click();
}

test('the link creates the first owner and signs them in', async ({ page, freshServer }) => {
  await visit(page, firstOwnerLink(freshServer));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Welcome to Groundglass');
  await submitWelcome(page, PASSWORD);

  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Projects');
  await expect(page.getByRole('heading', { level: 2, name: 'No projects yet' })).toBeVisible();
  await disclosure(page, 'Account').click();
  await expect(page.getByText('Fay First')).toBeVisible();
  await expect(page.getByText(EMAIL)).toBeVisible();
});

test('the file with the link is readable only by the server\'s user', ({ freshServer }) => {
  expect(firstOwnerLink(freshServer)).toMatch(new RegExp(`^${freshServer.url}/welcome/[\\w-]{20,}$`));
  const { mode } = statSync(join(freshServer.dataDir, 'first-owner-link'));
  expect((mode & 0o777).toString(8)).toBe('600');
});

test('the link works once', async ({ page, freshServer, browserErrors }) => {
  const address = firstOwnerLink(freshServer);
  await visit(page, address);
  await submitWelcome(page, PASSWORD);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Projects');

  browserErrors.expectStatus(404);
  const second = await visit(page, address);
  expect(second.status()).toBe(404);
  await expect(page.getByRole('alert')).toContainText('This link has been used or replaced');
  await expect(page.getByLabel('Your name')).toHaveCount(0);

  await page.goto(`${freshServer.url}/sign-in`);
  await fillSignIn(page, EMAIL, PASSWORD);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Projects');
});

test('the second of two people who open the link gets an error', async ({ page, openPage, freshServer, browserErrors }) => {
  const address = firstOwnerLink(freshServer);
  const other = await openPage(undefined);
  await visit(page, address);
  await visit(other, address);
  await submitWelcome(page, PASSWORD);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Projects');

  browserErrors.expectStatus(404);
  await submitWelcome(other, 'another good password');
  await expect(other.getByRole('alert')).toContainText(/there is no such link/i);
});

test('a rejected password does not use up the link', async ({ page, freshServer, browserErrors }) => {
  browserErrors.expectStatus(422);
  await visit(page, firstOwnerLink(freshServer));
  await submitWelcome(page, 'short');
  await expect(page.getByRole('alert')).toHaveText('The password needs at least 8 characters; we recommend 15 or more.');
  await submitWelcome(page, 'password');
  await expect(page.getByRole('alert')).toHaveText('That password is too common; choose another.');
  await submitWelcome(page, PASSWORD);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Projects');
});

test('a restart replaces the link', async ({ page, freshServer, browserErrors }) => {
  const before = firstOwnerLink(freshServer);
  await freshServer.stop();
  await freshServer.start();
  const after = firstOwnerLink(freshServer);
  expect(after).not.toBe(before);

  browserErrors.expectStatus(404);
  expect((await visit(page, before)).status()).toBe(404);
  await expect(page.getByRole('alert')).toContainText('the current one is in the server\'s console');
  expect((await visit(page, after)).status()).toBe(200);
});

test('rejects an unknown link', async ({ page, freshServer, browserErrors }) => {
  browserErrors.expectStatus(404);
  expect((await visit(page, `${freshServer.url}/welcome/guessed`)).status()).toBe(404);
  await expect(page.getByRole('alert')).toContainText('Not found');
});
