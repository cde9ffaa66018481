// The experiment page: creation, the five tabs, keyboard shortcuts and navigation.

import type { Page } from '@playwright/test';

import { type CreatedResource, uniqueName } from '../fixtures/content-factory.ts';
import { disclosure } from '../fixtures/disclosure.ts';
import { reload, visit, visitLive, waitForHydration } from '../fixtures/navigation.ts';
import { expect, test } from '../fixtures/test.ts';
import { owner } from '../fixtures/users.ts';

test.use({ user: owner });

// The heading of each tab of an empty experiment.
const TABS = [
  { name: 'Logs', path: 'logs', heading: 'No logs' },
  { name: 'Artifacts', path: 'artifacts', heading: 'No artifacts' },
  { name: 'Evaluation', path: 'evaluation', heading: 'No evaluations yet' },
  { name: 'Telemetry', path: 'telemetry', heading: 'No output' },
  { name: 'Settings', path: 'settings', heading: 'General' },
];

const heading = (page: Page) => page.getByRole('heading', { level: 1 });
const badge = (page: Page) => page.locator('.status').first();
const tabs = (page: Page) => page.getByRole('navigation', { name: 'Experiment' });

async function expectTab(page: Page, experiment: CreatedResource, { name, path, heading: tabHeading }: (typeof TABS)[number]): Promise<void> {
  await expect(page).toHaveURL(`${experiment.path}/${path}`);
  await expect(page.getByRole('heading', { level: 2, name: tabHeading })).toBeVisible();
  await expect(tabs(page).getByRole('link', { name })).toHaveAttribute('aria-current', 'page');
  await expect(tabs(page).locator('[aria-current]')).toHaveCount(1);
  await expect(heading(page)).toHaveText(experiment.name);
}

test('creates an experiment and opens its logs', async ({ page, content }) => {
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

  const path = page.getByRole('navigation', { name: 'Breadcrumb' });
  await path.getByRole('link', { name: project.name }).click();
  await expect(heading(page)).toHaveText(project.name);
  await expect(page.getByRole('row', { name })).toContainText('WAITING');
});

test('opens the tabs by click', async ({ page, content }) => {
  const experiment = await content.createExperiment(await content.createProject());
  await visit(page, `${experiment.path}/settings`);
  for (const tab of TABS) {
    await tabs(page).getByRole('link', { name: tab.name }).click();
    await expectTab(page, experiment, tab);
  }
});

test('opens the tabs by URL, also after a reload', async ({ page, content }) => {
  const experiment = await content.createExperiment(await content.createProject());
  for (const tab of TABS) {
    expect((await visit(page, `${experiment.path}/${tab.path}`)).status()).toBe(200);
    await expectTab(page, experiment, tab);
    expect((await reload(page)).status()).toBe(200);
    await expectTab(page, experiment, tab);
  }
});

test('the keys 1 to 5 open the tabs, except in a text field', async ({ page, content }) => {
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

test('g p opens the projects; another key after g cancels', async ({ page, content }) => {
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

test('? shows the keyboard shortcuts, Esc closes them', async ({ page, content }) => {
  const experiment = await content.createExperiment(await content.createProject());
  await visit(page, `${experiment.path}/logs`);
  const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(dialog).toBeHidden();
  await page.keyboard.press('?');
  await expect(dialog).toBeVisible();
  await expect(dialog).toContainText('Tabs of an experiment');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('the browser\'s back and forward buttons move between pages', async ({ page, content }) => {
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

test('shows nothing of the previous experiment', async ({ page, content }) => {
  const project = await content.createProject();
  const one = await content.createExperiment(project, uniqueName('one'), 'about the first');
  const two = await content.createExperiment(project, uniqueName('two'), 'about the second');
  await visit(page, `${one.path}/logs`);
  await expect(page.getByText('about the first')).toBeVisible();
  await page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link', { name: project.name }).click();
  await page.getByRole('link', { name: two.name }).click();
  await expect(page.getByText('about the second')).toBeVisible();
  await expect(page.getByText('about the first')).toHaveCount(0);
  await expect(heading(page)).toHaveText(two.name);
  await expect(page).toHaveTitle(`${two.name} · Groundglass`);
});

test('the URL without a tab opens the logs', async ({ page, content }) => {
  const experiment = await content.createExperiment(await content.createProject());
  await page.goto(experiment.path);
  await waitForHydration(page);
  await expectTab(page, experiment, TABS[0]!);
});

test('the header links to the base experiment once there is one', async ({ page, content, script }) => {
  const project = await content.createProject();
  const [base, experiment] = [await content.createExperiment(project), await content.createExperiment(project)];
  await visit(page, `${experiment.path}/logs`);
  const about = page.getByRole('region', { name: 'About' });
  await expect(about).toContainText('WAITING');
  await expect(about).not.toContainText('Base experiment');
  await script.setBaseExperiment(experiment, base);
  await about.getByRole('link', { name: base.name }).click();
  await expect(heading(page)).toHaveText(base.name);
});

test('the first log starts a waiting experiment, and the end stops its duration', async ({ page, openPage, content, script }) => {
  const project = await content.createProject();
  const experiment = await content.createExperiment(project);
  const list = await openPage(owner);
  await visitLive(list, project.path);
  await visitLive(page, `${experiment.path}/logs`);
  const about = page.getByRole('region', { name: 'About' });
  const fact = (name: string) => about.locator('div', { has: page.locator('dt', { hasText: name }) });
  await expect(badge(page)).toHaveText('WAITING');
  await expect(fact('Duration').locator('dd')).toHaveText('–');
  await expect(fact('Started')).toHaveCount(0);

  await script.log(experiment, 'loss', 'LINE', 0.5);
  await expect(badge(page)).toHaveText('RUNNING');
  await expect(list.getByRole('row', { name: experiment.name })).toContainText('RUNNING');
  await expect(fact('Started')).toContainText('just now');
  await expect(fact('Duration').locator('dd')).toHaveText(/^\d+ s$/);
  await expect(fact('Ended')).toHaveCount(0);
  await expect(page.getByText('No news')).toHaveCount(0);

  await script.setStatus(experiment, 'SUCCESS');
  await expect(badge(page)).toHaveText('SUCCESS');
  await expect(fact('Ended')).toContainText('just now');
  await expect(list.getByRole('row', { name: experiment.name })).toContainText(/SUCCESS\s*\d+ s/);
});

test('the status badge opens a menu that sets the status', async ({ page, content }) => {
  const experiment = await content.createExperiment(await content.createProject());
  await visitLive(page, `${experiment.path}/logs`);
  const menu = disclosure(page, 'Change status');
  const item = (status: string) => page.getByRole('button', { name: status });
  await expect(item('FAILED')).toBeHidden();
  await menu.click();
  await expect(item('WAITING')).toHaveAttribute('aria-current', 'true');
  await item('FAILED').click();
  await expect(badge(page)).toHaveText('FAILED');
  await expect(item('RUNNING')).toBeHidden();

  await menu.focus();
  await page.keyboard.press('Enter');
  await expect(item('FAILED')).toHaveAttribute('aria-current', 'true');
  await page.keyboard.press('Escape');
  await expect(item('RUNNING')).toBeHidden();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(item('WAITING')).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(badge(page)).toHaveText('RUNNING');
});

test('truncates a long description and shows all of it on demand', async ({ page, content }) => {
  const end = 'the very end';
  const description = `${'many words '.repeat(100)}${end}`;
  const experiment = await content.createExperiment(await content.createProject(), uniqueName('wordy'), description);
  await visit(page, `${experiment.path}/logs`);
  await expect(page.getByText(end)).toBeHidden();
  await disclosure(page, 'Full description').click();
  await expect(page.getByText(end)).toBeVisible();
});
