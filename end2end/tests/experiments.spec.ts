// An experiment's page: making one, its five tabs, moving between pages.

import type { Page } from '@playwright/test';

import { uniqueName, type CreatedResource } from '../fixtures/content-factory.ts';
import { waitForHydration, reload, visit } from '../fixtures/navigation.ts';
import { owner } from '../fixtures/users.ts';
import { disclosure } from '../fixtures/disclosure.ts';
import { expect, test } from '../fixtures/test.ts';

test.use({ user: owner });

// What each tab says while there is nothing behind it yet.
const TABS = [
  { name: 'Logs', path: 'logs', says: 'No logs' },
  { name: 'Artifacts', path: 'artifacts', says: 'No artifacts' },
  { name: 'Evaluation', path: 'evaluation', says: 'Nothing evaluated' },
  { name: 'Telemetry', path: 'telemetry', says: 'No output' },
  { name: 'Settings', path: 'settings', says: 'General' },
];

const heading = (page: Page) => page.getByRole('heading', { level: 1 });
const tabs = (page: Page) => page.getByRole('navigation', { name: 'Experiment' });

async function expectTab(page: Page, experiment: CreatedResource, { name, path, says }: (typeof TABS)[number]): Promise<void> {
  await expect(page).toHaveURL(`${experiment.path}/${path}`);
  await expect(page.getByRole('heading', { level: 2, name: says })).toBeVisible();
  await expect(tabs(page).getByRole('link', { name })).toHaveAttribute('aria-current', 'page');
  await expect(tabs(page).locator('[aria-current]')).toHaveCount(1);
  await expect(heading(page)).toHaveText(experiment.name);
}

test('a new experiment opens at its logs and says what it is', async ({ page, content }) => {
  const project = await content.createProject();
  const name = uniqueName('yolo-640');
  await visit(page, project.path);
  await disclosure(page, 'New experiment').click();
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.getByRole('textbox', { name: 'Description' }).fill('Larger input, *mosaic* off.');
  await page.getByRole('button', { name: 'Create experiment' }).click();

  await expect(heading(page)).toHaveText(name);
  await expect(page).toHaveURL(/\/experiment\/[0-9a-f-]{36}\/logs$/);
  await expect(page).toHaveTitle(`${name} · Groundglass`);
  const about = page.getByRole('region', { name: 'About' });
  await expect(about.getByText('mosaic').and(page.locator('em'))).toBeVisible();
  await expect(about).toContainText('WAITING');
  await expect(about).toContainText(owner.name);
  await expect(about.getByText('just now').first()).toBeVisible();

  const path = page.getByRole('navigation', { name: 'Path' });
  await path.getByRole('link', { name: project.name }).click();
  await expect(heading(page)).toHaveText(project.name);
  await expect(page.getByRole('row', { name })).toContainText('WAITING');
});

test('tabs by click', async ({ page, content }) => {
  const experiment = await content.createExperiment(await content.createProject());
  await visit(page, `${experiment.path}/settings`);
  for (const tab of TABS) {
    await tabs(page).getByRole('link', { name: tab.name }).click();
    await expectTab(page, experiment, tab);
  }
});

test('tabs by address, and each survives a reload', async ({ page, content }) => {
  const experiment = await content.createExperiment(await content.createProject());
  for (const tab of TABS) {
    expect((await visit(page, `${experiment.path}/${tab.path}`)).status()).toBe(200);
    await expectTab(page, experiment, tab);
    expect((await reload(page)).status()).toBe(200);
    await expectTab(page, experiment, tab);
  }
});

test('tabs by the keys 1 to 5, but not while somebody types', async ({ page, content }) => {
  const experiment = await content.createExperiment(await content.createProject());
  await visit(page, `${experiment.path}/settings`);
  for (const [index, tab] of TABS.entries()) {
    await page.keyboard.press(String(index + 1));
    await expectTab(page, experiment, tab);
  }
  const name = page.getByRole('textbox', { name: 'Name' });
  await name.fill('');
  await name.pressSequentially('123');
  await expect(name).toHaveValue('123');
  await expect(page).toHaveURL(`${experiment.path}/settings`);
});

test('g p leads to the projects, g and something else does not', async ({ page, content }) => {
  const experiment = await content.createExperiment(await content.createProject());
  await visit(page, `${experiment.path}/telemetry`);
  await page.keyboard.press('g');
  await page.keyboard.press('x');
  await page.keyboard.press('p');
  await page.keyboard.press('2');
  await expect(page).toHaveURL(`${experiment.path}/artifacts`);
  await page.keyboard.press('g');
  await page.keyboard.press('p');
  await expect(heading(page)).toHaveText('Projects');
  await expect(page).toHaveURL(/\/organization\//);
});

test('? shows the keys, Esc closes them', async ({ page, content }) => {
  const experiment = await content.createExperiment(await content.createProject());
  await visit(page, `${experiment.path}/logs`);
  const dialog = page.getByRole('dialog', { name: 'Keys' });
  await expect(dialog).toBeHidden();
  await page.keyboard.press('?');
  await expect(dialog).toBeVisible();
  await expect(dialog).toContainText('Tabs of an experiment');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('back and forward', async ({ page, content }) => {
  const project = await content.createProject();
  const experiment = await content.createExperiment(project);
  const tab = (name: string) => TABS.find((tab) => tab.name === name) ?? TABS[0]!;
  await visit(page, project.path);
  await page.getByRole('link', { name: experiment.name }).click();
  await expectTab(page, experiment, tab('Logs'));
  await tabs(page).getByRole('link', { name: 'Evaluation' }).click();
  await expectTab(page, experiment, tab('Evaluation'));
  await tabs(page).getByRole('link', { name: 'Settings' }).click();
  await expectTab(page, experiment, tab('Settings'));

  await page.goBack();
  await expectTab(page, experiment, tab('Evaluation'));
  await page.goBack();
  await expectTab(page, experiment, tab('Logs'));
  await page.goBack();
  await expect(heading(page)).toHaveText(project.name);
  await page.goForward();
  await page.goForward();
  await expectTab(page, experiment, tab('Evaluation'));
  await reload(page);
  await page.goBack();
  await expectTab(page, experiment, tab('Logs'));
});

test('from one experiment to another nothing of the first is left', async ({ page, content }) => {
  const project = await content.createProject();
  const one = await content.createExperiment(project, uniqueName('one'), 'about the first');
  const two = await content.createExperiment(project, uniqueName('two'), 'about the second');
  await visit(page, `${one.path}/logs`);
  await expect(page.getByText('about the first')).toBeVisible();
  await page.getByRole('navigation', { name: 'Path' }).getByRole('link', { name: project.name }).click();
  await page.getByRole('link', { name: two.name }).click();
  await expect(page.getByText('about the second')).toBeVisible();
  await expect(page.getByText('about the first')).toHaveCount(0);
  await expect(heading(page)).toHaveText(two.name);
  await expect(page).toHaveTitle(`${two.name} · Groundglass`);
});

test('the address without a tab leads to the logs', async ({ page, content }) => {
  const experiment = await content.createExperiment(await content.createProject());
  await page.goto(experiment.path);
  await waitForHydration(page);
  await expectTab(page, experiment, TABS[0]!);
});

test('a long description is cut, and whole on demand', async ({ page, content }) => {
  const end = 'the very end';
  const description = `${'many words '.repeat(100)}${end}`;
  const experiment = await content.createExperiment(await content.createProject(), uniqueName('wordy'), description);
  await visit(page, `${experiment.path}/logs`);
  await expect(page.getByText(end)).toBeHidden();
  await disclosure(page, 'The whole description').click();
  await expect(page.getByText(end)).toBeVisible();
});
