// Pages stay true: what somebody changes shows on everybody's open pages, without a reload.

import type { Page } from '@playwright/test';

import { Content, unique } from '../fixtures/content.ts';
import { visit } from '../fixtures/hydrated.ts';
import { admin, introduce, owner, signIn, viewer } from '../fixtures/people.ts';
import { reveal } from '../fixtures/reveal.ts';
import { expect, test } from '../fixtures/test.ts';

test.use({ as: owner });

const heading = (page: Page) => page.getByRole('heading', { level: 1 });

/** How long a change may take to show. */
const SOON = { timeout: 1_000 };

/** Loads a page and waits until it hears of changes. */
async function listen(page: Page, address: string): Promise<void> {
  const hello = page.waitForEvent('websocket').then((socket) => socket.waitForEvent('framereceived'));
  await visit(page, address);
  await hello;
}

test('a renamed experiment: heading, title and row change within a second', async ({ page, open, content }) => {
  const project = await content.project();
  const experiment = await content.experiment(project);
  const theirs = await open(viewer);
  const list = await open(viewer);
  await listen(theirs, `${experiment.path}/logs`);
  await listen(list, project.path);

  const name = unique('renamed');
  await visit(page, `${experiment.path}/settings`);
  await page.getByLabel('Name').fill(name);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();

  await expect(heading(theirs)).toHaveText(name, SOON);
  await expect(list.getByRole('link', { name })).toBeVisible(SOON);
  await expect(theirs).toHaveTitle(`${name} · Groundglass`);
  await expect(list.getByRole('link', { name: experiment.name })).toHaveCount(0);
});

test('a new description shows on the logs', async ({ page, content }) => {
  const project = await content.project();
  const experiment = await content.experiment(project, unique('yolo'), 'before');
  await listen(page, `${experiment.path}/logs`);
  await expect(page.getByText('before')).toBeVisible();
  const { id, name } = experiment;
  const answer = await content.send('experiment/edit', { id, name, description: 'after', version: 1 });
  expect(answer.ok()).toBe(true);
  await expect(page.getByText('after')).toBeVisible(SOON);
  await expect(page.getByText('before')).toHaveCount(0);
});

test('a renamed project: its page, its row and the path of its experiments change', async ({ page, open, content }) => {
  const project = await content.project();
  const experiment = await content.experiment(project);
  const list = await open(viewer);
  const tab = await open(admin);
  await listen(page, project.path);
  await listen(list, '/');
  await listen(tab, `${experiment.path}/artifacts`);

  const name = unique('Other signs');
  const { id } = project;
  expect((await content.send('project/edit', { id, name, description: '' })).ok()).toBe(true);

  await expect(heading(page)).toHaveText(name, SOON);
  await expect(list.getByRole('link', { name })).toBeVisible(SOON);
  await expect(tab.getByRole('navigation', { name: 'Path' }).getByRole('link', { name })).toBeVisible(SOON);
  await expect(list.getByRole('link', { name: project.name })).toHaveCount(0);
});

test('a new experiment appears in the open project, and its count in the list', async ({ page, open, content }) => {
  const project = await content.project();
  const list = await open(viewer);
  await listen(page, project.path);
  await listen(list, '/');
  await expect(page.getByRole('heading', { name: 'No experiments yet' })).toBeVisible();

  const first = await content.experiment(project);
  await expect(page.getByRole('link', { name: first.name })).toBeVisible(SOON);
  const second = await content.experiment(project);
  await expect(page.getByRole('link', { name: second.name })).toBeVisible(SOON);
  await expect(page.getByRole('row')).toHaveCount(3);
  await expect(list.getByRole('row', { name: project.name }).getByRole('cell').nth(1)).toHaveText('2', SOON);
});

test('a new project appears in the open list', async ({ page, content }) => {
  await listen(page, '/');
  const project = await content.project();
  await expect(page.getByRole('link', { name: project.name })).toBeVisible(SOON);
});

test('a deleted experiment: its open page says so, its row goes', async ({ page, open, content, complaints }) => {
  const project = await content.project();
  const experiment = await content.experiment(project);
  const list = await open(viewer);
  await listen(page, `${experiment.path}/logs`);
  await listen(list, project.path);
  await expect(list.getByRole('link', { name: experiment.name })).toBeVisible();

  complaints.status(404);
  const { id, name } = experiment;
  expect((await content.send('experiment/delete', { id, confirm: name })).ok()).toBe(true);
  await expect(page.getByRole('alert')).toContainText(/there is no such experiment/i, SOON);
  await expect(page.getByRole('link', { name: 'All projects' })).toBeVisible();
  await expect(list.getByRole('link', { name })).toHaveCount(0, SOON);
  await page.getByRole('link', { name: 'All projects' }).click();
  await expect(heading(page)).toHaveText('Projects');
});

test('a deleted project: the open pages in it say so', async ({ page, open, content, complaints }) => {
  const project = await content.project();
  const experiment = await content.experiment(project);
  const inside = await open(viewer);
  await listen(page, project.path);
  await listen(inside, `${experiment.path}/telemetry`);

  complaints.status(404);
  const { id, name } = project;
  expect((await content.send('project/delete', { id, confirm: name })).ok()).toBe(true);
  await expect(page.getByRole('alert')).toContainText(/there is no such project/i, SOON);
  await expect(inside.getByRole('alert')).toContainText(/there is no such experiment/i, SOON);
});

test('the page hears on after going from page to page', async ({ page, content }) => {
  const project = await content.project();
  const experiment = await content.experiment(project);
  await listen(page, '/');
  await page.getByRole('link', { name: project.name }).click();
  await page.getByRole('link', { name: experiment.name }).click();
  await expect(heading(page)).toHaveText(experiment.name);
  const name = unique('heard');
  const { id } = experiment;
  expect((await content.send('experiment/edit', { id, name, description: '', version: 1 })).ok()).toBe(true);
  await expect(heading(page)).toHaveText(name);
});

test('what is being typed, and where, stays through a live change', async ({ page, content }) => {
  const project = await content.project();
  await content.experiment(project);
  await listen(page, project.path);
  await reveal(page, 'New experiment').click();
  const name = page.getByRole('textbox', { name: 'Name' });
  await name.fill('half a na');
  const other = await content.experiment(project);
  await expect(page.getByRole('link', { name: other.name })).toBeVisible(SOON);
  await expect(name).toBeVisible();
  await expect(name).toHaveValue('half a na');
  await expect(name).toBeFocused();
});

test('after the server was gone, the page comes back by itself and catches up', async ({
  browser,
  open,
  bareServer,
  playwright,
  complaints,
}) => {
  await introduce(bareServer, owner);
  await bareServer.start();
  const storageState = await signIn(browser, bareServer, owner);
  const extraHTTPHeaders = { Origin: bareServer.url };
  const request = await playwright.request.newContext({ baseURL: bareServer.url, extraHTTPHeaders, storageState });
  const content = new Content(request);
  const experiment = await content.experiment(await content.project());
  const page = await open(undefined, { storageState, baseURL: bareServer.url });
  await listen(page, `${experiment.path}/logs`);
  await expect(page.getByText('Reconnecting…')).toHaveCount(0);

  complaints.message(/WebSocket connection to .* failed/);
  // The page's icon, which Chromium loads when it has time.
  complaints.perhaps(/ERR_CONNECTION_REFUSED .*favicon/);
  // What the dock asks once the page is there may come too late.
  complaints.perhaps(/fn\/uploads.*ERR_CONNECTION_REFUSED|ERR_CONNECTION_REFUSED .*fn\/uploads/);
  const attempt = page.waitForEvent('websocket');
  await bareServer.kill();
  await expect(page.getByText('Reconnecting…')).toBeVisible();
  await (await attempt).waitForEvent('socketerror');
  await expect(heading(page)).toHaveText(experiment.name);

  await bareServer.start();
  // The page may be back before this change or after it; either way it must show.
  const { id } = experiment;
  const name = unique('meanwhile');
  expect((await content.send('experiment/edit', { id, name, description: '', version: 1 })).ok()).toBe(true);
  await expect(heading(page)).toHaveText(name, { timeout: 20_000 });
  await expect(page.getByText('Reconnecting…')).toHaveCount(0);

  const again = unique('again');
  expect((await content.send('experiment/edit', { id, name: again, description: '', version: 2 })).ok()).toBe(true);
  await expect(heading(page)).toHaveText(again, SOON);
  await request.dispose();
});

test('a server that stops in good order takes no page with it', async ({ browser, open, bareServer, complaints }) => {
  await introduce(bareServer, owner);
  await bareServer.start();
  const storageState = await signIn(browser, bareServer, owner);
  const page = await open(undefined, { storageState, baseURL: bareServer.url });
  await listen(page, '/');
  complaints.message(/WebSocket connection to .* failed/);
  // The page's icon, which Chromium loads when it has time.
  complaints.perhaps(/ERR_CONNECTION_REFUSED .*favicon/);
  complaints.perhaps(/fn\/uploads.*ERR_CONNECTION_REFUSED|ERR_CONNECTION_REFUSED .*fn\/uploads/);
  const attempt = page.waitForEvent('websocket');
  await bareServer.stop();
  await (await attempt).waitForEvent('socketerror');
  await expect(heading(page)).toHaveText('Projects');
  const back = page.waitForEvent('websocket');
  await bareServer.start();
  await (await back).waitForEvent('framereceived', { timeout: 20_000 });
});
