// The first start: nobody can sign in, and one link makes the first owner.

import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from '@playwright/test';

import { visit } from '../fixtures/hydrated.ts';
import { fillSignIn } from '../fixtures/people.ts';
import { reveal } from '../fixtures/reveal.ts';
import type { Server } from '../fixtures/server.ts';
import { expect, test } from '../fixtures/test.ts';

const EMAIL = 'first@example.org';
const PASSWORD = 'a password of good length';

test.beforeEach(async ({ bareServer }) => {
  await bareServer.start();
});

function link(server: Server): string {
  return readFileSync(join(server.dataDir, 'first-owner-link'), 'utf8').trim();
}

async function claim(page: Page, password: string): Promise<void> {
  await page.getByLabel('Your name').fill('Fay First');
  await page.getByLabel('E-mail').fill(EMAIL);
  await page.getByLabel('New password').fill(password);
  await page.getByRole('button', { name: 'Start' }).click();
}

test('the link makes the first owner, who is then signed in', async ({ page, bareServer }) => {
  await visit(page, link(bareServer));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Welcome to Groundglass');
  await claim(page, PASSWORD);

  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Projects');
  await expect(page.getByRole('heading', { level: 2, name: 'No projects yet' })).toBeVisible();
  await reveal(page, 'Account').click();
  await expect(page.getByText('Fay First')).toBeVisible();
  await expect(page.getByText(EMAIL)).toBeVisible();
});

test('the link is for the user who started the server alone', ({ bareServer }) => {
  expect(link(bareServer)).toMatch(new RegExp(`^${bareServer.url}/welcome/[\\w-]{20,}$`));
  const { mode } = statSync(join(bareServer.dataDir, 'first-owner-link'));
  expect((mode & 0o777).toString(8)).toBe('600');
});

test('the link works once, and says so afterwards', async ({ page, bareServer, complaints }) => {
  const address = link(bareServer);
  await visit(page, address);
  await claim(page, PASSWORD);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Projects');

  complaints.status(404);
  const second = await visit(page, address);
  expect(second.status()).toBe(404);
  await expect(page.getByRole('alert')).toContainText('This link was used');
  await expect(page.getByLabel('Your name')).toHaveCount(0);

  await page.goto(`${bareServer.url}/sign-in`);
  await fillSignIn(page, EMAIL, PASSWORD);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Projects');
});

test('two people open the link; the slower one is told', async ({ page, open, bareServer, complaints }) => {
  const address = link(bareServer);
  const other = await open(undefined);
  await visit(page, address);
  await visit(other, address);
  await claim(page, PASSWORD);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Projects');

  complaints.status(404);
  await claim(other, 'another good password');
  await expect(other.getByRole('alert')).toContainText(/there is no such link/i);
});

test('a bad password is explained and uses nothing up', async ({ page, bareServer, complaints }) => {
  complaints.status(422);
  await visit(page, link(bareServer));
  await claim(page, 'short');
  await expect(page.getByRole('alert')).toHaveText('The password needs at least 8 characters; 15 or more are better.');
  await claim(page, 'password');
  await expect(page.getByRole('alert')).toHaveText('That password is too common; choose another.');
  await claim(page, PASSWORD);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Projects');
});

test('a restart makes a new link, and the old one ends', async ({ page, bareServer, complaints }) => {
  const before = link(bareServer);
  await bareServer.stop();
  await bareServer.start();
  const after = link(bareServer);
  expect(after).not.toBe(before);

  complaints.status(404);
  expect((await visit(page, before)).status()).toBe(404);
  await expect(page.getByRole('alert')).toContainText('its console shows the link that works');
  expect((await visit(page, after)).status()).toBe(200);
});

test('an invented link is refused', async ({ page, bareServer, complaints }) => {
  complaints.status(404);
  expect((await visit(page, `${bareServer.url}/welcome/guessed`)).status()).toBe(404);
  await expect(page.getByRole('alert')).toContainText('Not found');
});
