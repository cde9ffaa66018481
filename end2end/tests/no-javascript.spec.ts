// Without JavaScript, all pages are complete and have the right status codes, and all forms work.

import type { Page } from '@playwright/test';

import { uniqueName } from '../fixtures/content-factory.ts';
import { logCard } from '../fixtures/dashboard.ts';
import { disclosure } from '../fixtures/disclosure.ts';
import { expect, test } from '../fixtures/test.ts';
import { createTrainedExperiment } from '../fixtures/trained-experiment.ts';
import { admin, createUser, fillSignIn, member, owner, viewer } from '../fixtures/users.ts';

test.use({ javaScriptEnabled: false, user: owner });

const heading = (page: Page) => page.getByRole('heading', { level: 1 });

/** Loads an address and returns the status of each response, redirects first. */
async function visitStatuses(page: Page, address: string): Promise<number[]> {
  const response = await page.goto(address);
  const codes: number[] = [];
  for (let request = response?.request(); request !== undefined; request = request.redirectedFrom() ?? undefined) {
    codes.unshift((await request.response())?.status() ?? 0);
  }
  return codes;
}

test('pages are complete without hydration', async ({ page, content }) => {
  const project = await content.createProject(uniqueName('Road signs'), 'Signs along **country** roads.');
  const experiment = await content.createExperiment(project, uniqueName('yolo'), 'Larger *input*.');
  expect(await visitStatuses(page, '/')).toEqual([302, 200]);
  await expect(page.locator('html')).not.toHaveAttribute('data-hydrated');
  await page.getByRole('link', { name: project.name }).click();
  await expect(heading(page)).toHaveText(project.name);
  await expect(page.locator('strong', { hasText: 'country' })).toBeVisible();
  await page.getByRole('link', { name: experiment.name }).click();
  await expect(heading(page)).toHaveText(experiment.name);
  await expect(page.locator('em', { hasText: 'input' })).toBeVisible();
  // The exact time: without JavaScript, a relative time would not be updated.
  await expect(page.getByRole('region', { name: 'About' })).toContainText(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/);
});

test('opens every tab by URL and by link', async ({ page, content }) => {
  const experiment = await content.createExperiment(await content.createProject());
  expect(await visitStatuses(page, experiment.path)).toEqual([302, 200]);
  const headings = { logs: 'No logs', artifacts: 'No artifacts', evaluation: 'No evaluations yet', telemetry: 'No output', settings: 'General' };
  for (const [tab, text] of Object.entries(headings)) {
    expect(await visitStatuses(page, `${experiment.path}/${tab}`)).toEqual([200]);
    await expect(page.getByRole('heading', { level: 2, name: text })).toBeVisible();
  }
  await page.getByRole('navigation', { name: 'Experiment' }).getByRole('link', { name: 'Telemetry' }).click();
  await expect(page).toHaveURL(`${experiment.path}/telemetry`);
  await expect(page.getByRole('heading', { level: 2, name: 'No output' })).toBeVisible();
});

test('shows every log with its name, kind, last value and number of points', async ({ page, content, script }) => {
  const experiment = await createTrainedExperiment(content, script);
  expect(await visitStatuses(page, `${experiment.path}/logs`)).toEqual([200]);
  const line = logCard(page, 'train/loss');
  await expect(line.getByRole('heading', { name: 'loss' })).toBeVisible();
  await expect(line).toContainText('line');
  await expect(line).toContainText(/0\.\d+/);
  await expect(line).toContainText('400 points');
  await expect(logCard(page, 'labelmap').getByRole('row', { name: 'pedestrian' })).toBeVisible();
  await expect(logCard(page, 'val/confusion').getByRole('row', { name: 'bus' }).first()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Combine lines…' })).toHaveCount(0);
  await page.getByLabel('Filter logs').fill('confusion');
  await page.keyboard.press('Enter');
  await expect(logCard(page, 'val/confusion')).toBeVisible();
  await expect(logCard(page, 'train/loss')).toBeHidden();
});

test('missing addresses show the 404 page', async ({ page, browserErrors }) => {
  browserErrors.expectStatus(404);
  const id = '01939f3c-0000-7000-8000-000000000000';
  for (const path of ['/nowhere', '/project/1', `/project/${id}`, `/experiment/${id}/logs`, `/organization/${id}`]) {
    expect(await visitStatuses(page, path), path).toEqual([404]);
    await expect(page.getByRole('alert')).toContainText('Not found');
    await expect(page.getByRole('link', { name: 'All projects' })).toBeVisible();
  }
});

test('creates, renames and deletes an experiment', async ({ page, content }) => {
  const project = await content.createProject();
  const [first, second] = [uniqueName('first'), uniqueName('second')];
  await page.goto(project.path);
  await disclosure(page, 'New experiment').click();
  await page.getByRole('textbox', { name: 'Name' }).fill(first);
  await page.getByRole('button', { name: 'Create experiment' }).click();
  await expect(heading(page)).toHaveText(first);
  await expect(page).toHaveURL(/\/experiment\/[0-9a-f-]{36}\/logs$/);

  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByLabel('Name').fill(second);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(heading(page)).toHaveText(second);
  await expect(page).toHaveURL(/\/settings\??$/);

  await page.getByLabel(/^Type/).fill(second);
  await page.getByRole('button', { name: 'Delete this experiment' }).click();
  await expect(page).toHaveURL(project.path);
  await expect(page.getByRole('link', { name: second })).toHaveCount(0);
});

test('changes the status from the badge and in the settings', async ({ page, content }) => {
  const experiment = await content.createExperiment(await content.createProject());
  await page.goto(`${experiment.path}/logs`);
  await disclosure(page, 'Change status').click();
  await page.getByRole('button', { name: 'RUNNING' }).click();
  await expect(page).toHaveURL(new RegExp(`${experiment.path}/logs`));
  await expect(page.locator('.status').first()).toHaveText('RUNNING');

  await page.goto(`${experiment.path}/settings`);
  await page.getByLabel('Status').selectOption('CANCELED');
  await page.getByRole('button', { name: 'Set status' }).click();
  await expect(page.locator('.status').first()).toHaveText('CANCELED');
  await expect(page.getByLabel('Status')).toHaveValue('CANCELED');
});

test('creates, renames and deletes a project', async ({ page }) => {
  const [first, second] = [uniqueName('first'), uniqueName('second')];
  await page.goto('/');
  await disclosure(page, 'New project').click();
  await page.getByRole('textbox', { name: 'Name' }).fill(first);
  await page.getByRole('button', { name: 'Create project' }).click();
  await expect(heading(page)).toHaveText(first);

  await disclosure(page, 'Settings').click();
  await page.getByRole('textbox', { name: 'Name' }).fill(second);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(heading(page)).toHaveText(second);

  await disclosure(page, 'Settings').click();
  await page.getByRole('textbox', { name: /^Type/ }).fill(second);
  await page.getByRole('button', { name: 'Delete this project' }).click();
  await expect(heading(page)).toHaveText('Projects');
  await expect(page.getByRole('link', { name: second })).toHaveCount(0);
});

test('shows validation errors on the page', async ({ page, content }) => {
  const project = await content.createProject();
  const experiment = await content.createExperiment(project);
  const other = await content.createExperiment(project);

  await page.goto(project.path);
  await disclosure(page, 'New experiment').click();
  await page.getByRole('textbox', { name: 'Name' }).fill(experiment.name);
  await page.getByRole('button', { name: 'Create experiment' }).click();
  await expect(page).toHaveURL(new RegExp(project.path));
  await expect(page.getByRole('alert')).toContainText(experiment.name);
  await expect(page.getByRole('alert')).toContainText(/already/);
  await expect(page.getByRole('row')).toHaveCount(3);

  await page.goto(`${other.path}/settings`);
  await page.getByLabel('Name').fill(experiment.name);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('alert')).toContainText(/already/);
  await expect(heading(page)).toHaveText(other.name);

  await page.goto(`${other.path}/settings`);
  await page.getByLabel(/^Type/).fill('something else');
  await page.getByRole('button', { name: 'Delete this experiment' }).click();
  await expect(page.getByRole('alert')).toHaveText("The name you typed doesn't match; nothing was deleted.");
  await expect(heading(page)).toHaveText(other.name);
});

test('reports an edit conflict', async ({ page, openPage, content }) => {
  const experiment = await content.createExperiment(await content.createProject(), uniqueName('yolo'), 'as it was');
  const other = await openPage(admin);
  await page.goto(`${experiment.path}/settings`);
  await other.goto(`${experiment.path}/settings`);
  await other.getByLabel('Description').fill('theirs');
  await other.getByRole('button', { name: 'Save' }).click();
  await expect(other.getByLabel('Description')).toHaveValue('theirs');
  await page.getByLabel('Description').fill('mine');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('alert')).toContainText(/Someone else changed these settings; reload/);
  await page.goto(`${experiment.path}/logs`);
  await expect(page.getByText('theirs')).toBeVisible();
});

test('saves the chosen theme', async ({ page, content }) => {
  const project = await content.createProject();
  await page.goto(project.path);
  await expect(page.locator('html')).not.toHaveAttribute('data-theme');
  for (const [name, theme] of [['Dark', 'dark'], ['Light', 'light']] as const) {
    await disclosure(page, 'Account').click();
    await page.getByRole('button', { name }).click();
    await expect(page).toHaveURL(project.path);
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    await page.goto('/account');
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    await page.goto(project.path);
  }
  await disclosure(page, 'Account').click();
  await page.getByRole('button', { name: 'System' }).click();
  await expect(page.locator('html')).not.toHaveAttribute('data-theme');
});

test.describe('signed out', () => {
  test.use({ user: undefined });

  test('signs in, returns to the requested page, and signs out', async ({ page, content, server }) => {
    const { email, password } = await createUser(server);
    const project = await content.createProject();
    expect(await visitStatuses(page, project.path)).toEqual([302, 200]);
    await expect(page).toHaveURL(`/sign-in?next=${project.path}`);

    await fillSignIn(page, email, 'not the password');
    await expect(heading(page)).toHaveText('Sign in');
    await expect(page.getByRole('alert')).toHaveText('Wrong e-mail address or password.');
    await fillSignIn(page, email, password);
    await expect(heading(page)).toHaveText(project.name);
    await expect(page).toHaveURL(project.path);

    await disclosure(page, 'Account').click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expect(heading(page)).toHaveText('Sign in');
    expect(await visitStatuses(page, project.path)).toEqual([302, 200]);
  });

  test('redirects anonymous visitors to the sign-in page', async ({ page, content }) => {
    const project = await content.createProject();
    const experiment = await content.createExperiment(project);
    for (const path of ['/', '/account', `/organization/${await content.organizationId()}`, `${experiment.path}/settings`]) {
      expect(await visitStatuses(page, path), path).toEqual([302, 200]);
      await expect(heading(page)).toHaveText('Sign in');
      await expect(page.getByText(experiment.name)).toHaveCount(0);
    }
  });
});

for (const user of [viewer, member]) {
  test.describe(`as a ${user.role}`, () => {
    test.use({ user });

    test('shows the settings without a form except for the status', async ({ page, content }) => {
      const experiment = await content.createExperiment(await content.createProject());
      expect(await visitStatuses(page, `${experiment.path}/settings`)).toEqual([200]);
      await expect(page.getByRole('main')).toContainText('Only project editors, admins and owners');
      await expect(page.getByRole('main').getByRole('textbox')).toHaveCount(0);
      await expect(page.getByRole('main').getByRole('button')).toHaveText(user === member ? ['Set status'] : []);
    });
  });
}
