// Live updates: changes appear on all open pages without a reload.

import type { Page } from '@playwright/test';

import { ContentFactory, uniqueName } from '../fixtures/content-factory.ts';
import { disclosure } from '../fixtures/disclosure.ts';
import { visit, visitLive } from '../fixtures/navigation.ts';
import { expect, test } from '../fixtures/test.ts';
import { addUser, admin, owner, signIn, viewer } from '../fixtures/users.ts';

test.use({ user: owner });

const heading = (page: Page) => page.getByRole('heading', { level: 1 });

/** How long a change may take to appear. */
const SOON = { timeout: 1_000 };

test('renaming an experiment updates its heading, title and row within a second', async ({ page, openPage, content }) => {
  const project = await content.createProject();
  const experiment = await content.createExperiment(project);
  const viewerPage = await openPage(viewer);
  const list = await openPage(viewer);
  await visitLive(viewerPage, `${experiment.path}/logs`);
  await visitLive(list, project.path);

  const name = uniqueName('renamed');
  await visit(page, `${experiment.path}/settings`);
  await page.getByLabel('Name').fill(name);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();

  await expect(heading(viewerPage)).toHaveText(name, SOON);
  await expect(list.getByRole('link', { name })).toBeVisible(SOON);
  await expect(viewerPage).toHaveTitle(`${name} · Groundglass`);
  await expect(list.getByRole('link', { name: experiment.name })).toHaveCount(0);
});

test('changing a description updates the logs page', async ({ page, content }) => {
  const project = await content.createProject();
  const experiment = await content.createExperiment(project, uniqueName('yolo'), 'before');
  await visitLive(page, `${experiment.path}/logs`);
  await expect(page.getByText('before')).toBeVisible();
  const { id, name } = experiment;
  const response = await content.submitForm('experiment/edit', { id, name, description: 'after', version: 1 });
  expect(response.ok()).toBe(true);
  await expect(page.getByText('after')).toBeVisible(SOON);
  await expect(page.getByText('before')).toHaveCount(0);
});

test('renaming a project updates its page, its row and the path of its experiments', async ({ page, openPage, content }) => {
  const project = await content.createProject();
  const experiment = await content.createExperiment(project);
  const list = await openPage(viewer);
  const tab = await openPage(admin);
  await visitLive(page, project.path);
  await visitLive(list, '/');
  await visitLive(tab, `${experiment.path}/artifacts`);

  const name = uniqueName('Other signs');
  const { id } = project;
  expect((await content.submitForm('project/edit', { id, name, description: '' })).ok()).toBe(true);

  await expect(heading(page)).toHaveText(name, SOON);
  await expect(list.getByRole('link', { name })).toBeVisible(SOON);
  await expect(tab.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link', { name })).toBeVisible(SOON);
  await expect(list.getByRole('link', { name: project.name })).toHaveCount(0);
});

test('a new experiment appears in its project and in the project\'s count', async ({ page, openPage, content }) => {
  const project = await content.createProject();
  const list = await openPage(viewer);
  await visitLive(page, project.path);
  await visitLive(list, '/');
  await expect(page.getByRole('heading', { name: 'No experiments yet' })).toBeVisible();

  const first = await content.createExperiment(project);
  await expect(page.getByRole('link', { name: first.name })).toBeVisible(SOON);
  const second = await content.createExperiment(project);
  await expect(page.getByRole('link', { name: second.name })).toBeVisible(SOON);
  await expect(page.getByRole('row')).toHaveCount(3);
  await expect(list.getByRole('row', { name: project.name }).getByRole('cell').nth(1)).toHaveText('2', SOON);
});

test('a new project appears in the list', async ({ page, content }) => {
  await visitLive(page, '/');
  const project = await content.createProject();
  await expect(page.getByRole('link', { name: project.name })).toBeVisible(SOON);
});

test('deleting an experiment shows an error on its page and removes its row', async ({ page, openPage, content, browserErrors }) => {
  const project = await content.createProject();
  const experiment = await content.createExperiment(project);
  const list = await openPage(viewer);
  await visitLive(page, `${experiment.path}/logs`);
  await visitLive(list, project.path);
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

test('deleting a project shows an error on its pages', async ({ page, openPage, content, browserErrors }) => {
  const project = await content.createProject();
  const experiment = await content.createExperiment(project);
  const experimentPage = await openPage(viewer);
  await visitLive(page, project.path);
  await visitLive(experimentPage, `${experiment.path}/telemetry`);

  browserErrors.expectStatus(404);
  const { id, name } = project;
  expect((await content.submitForm('project/delete', { id, confirm: name })).ok()).toBe(true);
  await expect(page.getByRole('alert')).toContainText(/there is no such project/i, SOON);
  await expect(experimentPage.getByRole('alert')).toContainText(/there is no such experiment/i, SOON);
});

test('receives updates after navigating between pages', async ({ page, content }) => {
  const project = await content.createProject();
  const experiment = await content.createExperiment(project);
  await visitLive(page, '/');
  await page.getByRole('link', { name: project.name }).click();
  await page.getByRole('link', { name: experiment.name }).click();
  await expect(heading(page)).toHaveText(experiment.name);
  const name = uniqueName('heard');
  const { id } = experiment;
  expect((await content.submitForm('experiment/edit', { id, name, description: '', version: 1 })).ok()).toBe(true);
  await expect(heading(page)).toHaveText(name);
});

test('keeps the typed text and the focus during a live update', async ({ page, content }) => {
  const project = await content.createProject();
  await content.createExperiment(project);
  await visitLive(page, project.path);
  await disclosure(page, 'New experiment').click();
  const name = page.getByRole('textbox', { name: 'Name' });
  await name.fill('half a na');
  const other = await content.createExperiment(project);
  await expect(page.getByRole('link', { name: other.name })).toBeVisible(SOON);
  await expect(name).toBeVisible();
  await expect(name).toHaveValue('half a na');
  await expect(name).toBeFocused();
});

test('reconnects after a server crash and shows missed changes', async ({
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
  await visitLive(page, `${experiment.path}/logs`);
  await expect(page.getByText('Reconnecting…')).toHaveCount(0);

  browserErrors.expectMessage(/WebSocket connection to .* failed/);
  // Chromium may load the favicon late.
  browserErrors.allowMessage(/ERR_CONNECTION_REFUSED .*favicon/);
  // The upload dock's first request may be sent after the server was killed.
  browserErrors.allowMessage(/fn\/uploads.*ERR_CONNECTION_REFUSED|ERR_CONNECTION_REFUSED .*fn\/uploads/);
  const reconnectAttempt = page.waitForEvent('websocket');
  await freshServer.kill();
  await expect(page.getByText('Reconnecting…')).toBeVisible();
  await (await reconnectAttempt).waitForEvent('socketerror');
  await expect(heading(page)).toHaveText(experiment.name);

  await freshServer.start();
  // The page may reconnect before or after this change; it must show it in both cases.
  const { id } = experiment;
  const name = uniqueName('meanwhile');
  expect((await content.submitForm('experiment/edit', { id, name, description: '', version: 1 })).ok()).toBe(true);
  await expect(heading(page)).toHaveText(name, { timeout: 20_000 });
  await expect(page.getByText('Reconnecting…')).toHaveCount(0);

  const secondName = uniqueName('again');
  expect((await content.submitForm('experiment/edit', { id, name: secondName, description: '', version: 2 })).ok()).toBe(true);
  await expect(heading(page)).toHaveText(secondName, SOON);
  await request.dispose();
});

test('reconnects after a graceful stop of the server', async ({ browser, openPage, freshServer, browserErrors }) => {
  await addUser(freshServer, owner);
  await freshServer.start();
  const storageState = await signIn(browser, freshServer, owner);
  const page = await openPage(undefined, { storageState, baseURL: freshServer.url });
  await visitLive(page, '/');
  browserErrors.expectMessage(/WebSocket connection to .* failed/);
  // Chromium may load the favicon late.
  browserErrors.allowMessage(/ERR_CONNECTION_REFUSED .*favicon/);
  browserErrors.allowMessage(/fn\/uploads.*ERR_CONNECTION_REFUSED|ERR_CONNECTION_REFUSED .*fn\/uploads/);
  const reconnectAttempt = page.waitForEvent('websocket');
  await freshServer.stop();
  await (await reconnectAttempt).waitForEvent('socketerror');
  await expect(heading(page)).toHaveText('Projects');
  const reconnected = page.waitForEvent('websocket');
  await freshServer.start();
  await (await reconnected).waitForEvent('framereceived', { timeout: 20_000 });
});
