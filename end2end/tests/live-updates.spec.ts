// Pages stay true: what somebody changes shows on everybody's open pages, without a reload.

import type { Page } from '@playwright/test';

import { ContentFactory, uniqueName } from '../fixtures/content-factory.ts';
import { visit } from '../fixtures/navigation.ts';
import { admin, addUser, owner, signIn, viewer } from '../fixtures/users.ts';
import { disclosure } from '../fixtures/disclosure.ts';
import { expect, test } from '../fixtures/test.ts';

test.use({ user: owner });

const heading = (page: Page) => page.getByRole('heading', { level: 1 });

/** How long a change may take to show. */
const SOON = { timeout: 1_000 };

/** Loads a page and waits until it hears of changes. */
async function listen(page: Page, address: string): Promise<void> {
  const hello = page.waitForEvent('websocket').then((socket) => socket.waitForEvent('framereceived'));
  await visit(page, address);
  await hello;
}

test('a renamed experiment: heading, title and row change within a second', async ({ page, openPage, content }) => {
  const project = await content.createProject();
  const experiment = await content.createExperiment(project);
  const theirs = await openPage(viewer);
  const list = await openPage(viewer);
  await listen(theirs, `${experiment.path}/logs`);
  await listen(list, project.path);

  const name = uniqueName('renamed');
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
  const project = await content.createProject();
  const experiment = await content.createExperiment(project, uniqueName('yolo'), 'before');
  await listen(page, `${experiment.path}/logs`);
  await expect(page.getByText('before')).toBeVisible();
  const { id, name } = experiment;
  const answer = await content.submitForm('experiment/edit', { id, name, description: 'after', version: 1 });
  expect(answer.ok()).toBe(true);
  await expect(page.getByText('after')).toBeVisible(SOON);
  await expect(page.getByText('before')).toHaveCount(0);
});

test('a renamed project: its page, its row and the path of its experiments change', async ({ page, openPage, content }) => {
  const project = await content.createProject();
  const experiment = await content.createExperiment(project);
  const list = await openPage(viewer);
  const tab = await openPage(admin);
  await listen(page, project.path);
  await listen(list, '/');
  await listen(tab, `${experiment.path}/artifacts`);

  const name = uniqueName('Other signs');
  const { id } = project;
  expect((await content.submitForm('project/edit', { id, name, description: '' })).ok()).toBe(true);

  await expect(heading(page)).toHaveText(name, SOON);
  await expect(list.getByRole('link', { name })).toBeVisible(SOON);
  await expect(tab.getByRole('navigation', { name: 'Path' }).getByRole('link', { name })).toBeVisible(SOON);
  await expect(list.getByRole('link', { name: project.name })).toHaveCount(0);
});

test('a new experiment appears in the open project, and its count in the list', async ({ page, openPage, content }) => {
  const project = await content.createProject();
  const list = await openPage(viewer);
  await listen(page, project.path);
  await listen(list, '/');
  await expect(page.getByRole('heading', { name: 'No experiments yet' })).toBeVisible();

  const first = await content.createExperiment(project);
  await expect(page.getByRole('link', { name: first.name })).toBeVisible(SOON);
  const second = await content.createExperiment(project);
  await expect(page.getByRole('link', { name: second.name })).toBeVisible(SOON);
  await expect(page.getByRole('row')).toHaveCount(3);
  await expect(list.getByRole('row', { name: project.name }).getByRole('cell').nth(1)).toHaveText('2', SOON);
});

test('a new project appears in the open list', async ({ page, content }) => {
  await listen(page, '/');
  const project = await content.createProject();
  await expect(page.getByRole('link', { name: project.name })).toBeVisible(SOON);
});

test('a deleted experiment: its open page says so, its row goes', async ({ page, openPage, content, browserErrors }) => {
  const project = await content.createProject();
  const experiment = await content.createExperiment(project);
  const list = await openPage(viewer);
  await listen(page, `${experiment.path}/logs`);
  await listen(list, project.path);
  await expect(list.getByRole('link', { name: experiment.name })).toBeVisible();

  browserErrors.expectStatus(404);
  const { id, name } = experiment;
  expect((await content.submitForm('experiment/delete', { id, confirm: name })).ok()).toBe(true);
  await expect(page.getByRole('alert')).toContainText(/there is no such experiment/i, SOON);
  await expect(page.getByRole('link', { name: 'All projects' })).toBeVisible();
  await expect(list.getByRole('link', { name })).toHaveCount(0, SOON);
  await page.getByRole('link', { name: 'All projects' }).click();
  await expect(heading(page)).toHaveText('Projects');
});

test('a deleted project: the open pages in it say so', async ({ page, openPage, content, browserErrors }) => {
  const project = await content.createProject();
  const experiment = await content.createExperiment(project);
  const inside = await openPage(viewer);
  await listen(page, project.path);
  await listen(inside, `${experiment.path}/telemetry`);

  browserErrors.expectStatus(404);
  const { id, name } = project;
  expect((await content.submitForm('project/delete', { id, confirm: name })).ok()).toBe(true);
  await expect(page.getByRole('alert')).toContainText(/there is no such project/i, SOON);
  await expect(inside.getByRole('alert')).toContainText(/there is no such experiment/i, SOON);
});

test('the page hears on after going from page to page', async ({ page, content }) => {
  const project = await content.createProject();
  const experiment = await content.createExperiment(project);
  await listen(page, '/');
  await page.getByRole('link', { name: project.name }).click();
  await page.getByRole('link', { name: experiment.name }).click();
  await expect(heading(page)).toHaveText(experiment.name);
  const name = uniqueName('heard');
  const { id } = experiment;
  expect((await content.submitForm('experiment/edit', { id, name, description: '', version: 1 })).ok()).toBe(true);
  await expect(heading(page)).toHaveText(name);
});

test('what is being typed, and where, stays through a live change', async ({ page, content }) => {
  const project = await content.createProject();
  await content.createExperiment(project);
  await listen(page, project.path);
  await disclosure(page, 'New experiment').click();
  const name = page.getByRole('textbox', { name: 'Name' });
  await name.fill('half a na');
  const other = await content.createExperiment(project);
  await expect(page.getByRole('link', { name: other.name })).toBeVisible(SOON);
  await expect(name).toBeVisible();
  await expect(name).toHaveValue('half a na');
  await expect(name).toBeFocused();
});

test('after the server was gone, the page comes back by itself and catches up', async ({
  browser,
  openPage,
  freshServer,
  playwright,
  browserErrors,
}) => {
  await addUser(freshServer, owner);
  await freshServer.start();
  const storageState = await signIn(browser, freshServer, owner);
  const extraHTTPHeaders = { Origin: freshServer.url };
  const request = await playwright.request.newContext({ baseURL: freshServer.url, extraHTTPHeaders, storageState });
  const content = new ContentFactory(request);
  const experiment = await content.createExperiment(await content.createProject());
  const page = await openPage(undefined, { storageState, baseURL: freshServer.url });
  await listen(page, `${experiment.path}/logs`);
  await expect(page.getByText('Reconnecting…')).toHaveCount(0);

  browserErrors.expectMessage(/WebSocket connection to .* failed/);
  // The page's icon, which Chromium loads when it has time.
  browserErrors.allowMessage(/ERR_CONNECTION_REFUSED .*favicon/);
  // What the dock asks once the page is there may come too late.
  browserErrors.allowMessage(/fn\/uploads.*ERR_CONNECTION_REFUSED|ERR_CONNECTION_REFUSED .*fn\/uploads/);
  const attempt = page.waitForEvent('websocket');
  await freshServer.kill();
  await expect(page.getByText('Reconnecting…')).toBeVisible();
  await (await attempt).waitForEvent('socketerror');
  await expect(heading(page)).toHaveText(experiment.name);

  await freshServer.start();
  // The page may be back before this change or after it; either way it must show.
  const { id } = experiment;
  const name = uniqueName('meanwhile');
  expect((await content.submitForm('experiment/edit', { id, name, description: '', version: 1 })).ok()).toBe(true);
  await expect(heading(page)).toHaveText(name, { timeout: 20_000 });
  await expect(page.getByText('Reconnecting…')).toHaveCount(0);

  const again = uniqueName('again');
  expect((await content.submitForm('experiment/edit', { id, name: again, description: '', version: 2 })).ok()).toBe(true);
  await expect(heading(page)).toHaveText(again, SOON);
  await request.dispose();
});

test('a server that stops in good order takes no page with it', async ({ browser, openPage, freshServer, browserErrors }) => {
  await addUser(freshServer, owner);
  await freshServer.start();
  const storageState = await signIn(browser, freshServer, owner);
  const page = await openPage(undefined, { storageState, baseURL: freshServer.url });
  await listen(page, '/');
  browserErrors.expectMessage(/WebSocket connection to .* failed/);
  // The page's icon, which Chromium loads when it has time.
  browserErrors.allowMessage(/ERR_CONNECTION_REFUSED .*favicon/);
  browserErrors.allowMessage(/fn\/uploads.*ERR_CONNECTION_REFUSED|ERR_CONNECTION_REFUSED .*fn\/uploads/);
  const attempt = page.waitForEvent('websocket');
  await freshServer.stop();
  await (await attempt).waitForEvent('socketerror');
  await expect(heading(page)).toHaveText('Projects');
  const back = page.waitForEvent('websocket');
  await freshServer.start();
  await (await back).waitForEvent('framereceived', { timeout: 20_000 });
});
