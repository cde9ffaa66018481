// An experiment's settings: editing, concurrent edits and deletion.

import type { Page } from '@playwright/test';

import { type ContentFactory, type CreatedResource, uniqueName } from '../fixtures/content-factory.ts';
import { reload, visit, visitLive } from '../fixtures/navigation.ts';
import { expect, test } from '../fixtures/test.ts';
import { admin, owner } from '../fixtures/users.ts';

test.use({ user: owner });

const heading = (page: Page) => page.getByRole('heading', { level: 1 });

async function createDescribedExperiment(content: ContentFactory): Promise<CreatedResource> {
  return await content.createExperiment(await content.createProject(), uniqueName('yolo'), 'as it was');
}

async function saveSettings(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Save' }).click();
}

test('saves a new name and description and shows them at once', async ({ page, content }) => {
  const experiment = await createDescribedExperiment(content);
  const name = uniqueName('renamed');
  await visit(page, `${experiment.path}/settings`);
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Description').fill('## As it is\n\nwith `code`');
  await saveSettings(page);
  await expect(page.getByText('Saved.')).toBeVisible();
  await expect(heading(page)).toHaveText(name);
  await expect(page).toHaveTitle(`${name} · Groundglass`);
  await expect(page.getByText(/Someone else/)).toHaveCount(0);

  await page.getByRole('link', { name: 'Logs' }).click();
  await expect(page.getByRole('heading', { name: 'As it is' })).toBeVisible();
  await expect(page.getByText('code').and(page.locator('code'))).toBeVisible();
  await reload(page);
  await expect(heading(page)).toHaveText(name);
});

test('a heading in a description is not a level-one heading', async ({ page, content }) => {
  const description = '# Loud\n\ntext';
  const experiment = await content.createExperiment(await content.createProject(), uniqueName('yolo'), description);
  await visit(page, `${experiment.path}/logs`);
  await expect(page.getByRole('heading', { name: 'Loud' })).toBeVisible();
  await expect(heading(page)).toHaveCount(1);
});

test('saves twice in a row without an edit conflict', async ({ page, content }) => {
  const experiment = await createDescribedExperiment(content);
  await visit(page, `${experiment.path}/settings`);
  for (const name of [uniqueName('first'), uniqueName('second')]) {
    await page.getByLabel('Name').fill(name);
    await saveSettings(page);
    await expect(heading(page)).toHaveText(name);
  }
  await expect(page.getByText(/Someone else/)).toHaveCount(0);
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('shows an error for a taken name', async ({ page, content, browserErrors }) => {
  const project = await content.createProject();
  const [one, two] = [await content.createExperiment(project), await content.createExperiment(project)];
  browserErrors.expectStatus(409);
  await visit(page, `${one.path}/settings`);
  await page.getByLabel('Name').fill(two.name);
  await saveSettings(page);
  await expect(page.getByRole('alert')).toContainText(two.name);
  await expect(heading(page)).toHaveText(one.name);
});

test('accepts a name that is used in another project', async ({ page, content }) => {
  const taken = await createDescribedExperiment(content);
  const experiment = await createDescribedExperiment(content);
  await visit(page, `${experiment.path}/settings`);
  await page.getByLabel('Name').fill(taken.name);
  await saveSettings(page);
  await expect(page.getByText('Saved.')).toBeVisible();
  await expect(heading(page)).toHaveText(taken.name);
});

test('keeps unsaved input when another user saves, and reports the edit conflict', async ({
  page,
  openPage,
  content,
  browserErrors,
}) => {
  const experiment = await createDescribedExperiment(content);
  const othersName = uniqueName('theirs');
  await visit(page, `${experiment.path}/settings`);
  await page.getByLabel('Description').fill('half a sentence, and the');

  const other = await openPage(admin);
  await visit(other, `${experiment.path}/settings`);
  await other.getByLabel('Name').fill(othersName);
  await saveSettings(other);
  await expect(other.getByText('Saved.')).toBeVisible();

  await expect(heading(page)).toHaveText(othersName);
  await expect(page.getByLabel('Description')).toHaveValue('half a sentence, and the');
  await expect(page.getByLabel('Description')).toBeFocused();
  await expect(page.getByText(/Someone else changed these settings\. Reload/)).toBeVisible();

  browserErrors.expectStatus(409);
  await saveSettings(page);
  await expect(page.getByRole('alert')).toContainText(/Someone else changed these settings; reload/);
  await expect(page.getByLabel('Description')).toHaveValue('half a sentence, and the');
  await visit(page, `${experiment.path}/settings`);
  await expect(page.getByLabel('Name')).toHaveValue(othersName);
  await expect(page.getByLabel('Description')).toHaveValue('as it was');
});

test('sets the status, and shows a status that a script sets', async ({ page, content, script }) => {
  const experiment = await createDescribedExperiment(content);
  await visitLive(page, `${experiment.path}/settings`);
  await page.getByLabel('Status').selectOption('CANCELED');
  await page.getByRole('button', { name: 'Set status' }).click();
  await expect(page.locator('.status').first()).toHaveText('CANCELED');
  await script.setStatus(experiment, 'SUCCESS');
  await expect(page.locator('.status').first()).toHaveText('SUCCESS');
  await expect(page.getByLabel('Status')).toHaveValue('SUCCESS');
});

test('shows which files a deletion removes, updated live', async ({ page, content }) => {
  const experiment = await content.createExperiment(await content.createProject());
  await visit(page, `${experiment.path}/settings`);
  await expect(page.getByText('This experiment has no artifacts.')).toBeVisible();
  // Unique content, so that deduplication keeps none of it.
  const [first, second] = [uniqueName('first').padEnd(2048), uniqueName('second').padEnd(1024)];
  await content.uploadArtifacts(experiment, { 'a.bin': first, 'b.bin': second });
  await expect(page.getByText('Deletes 2 files and frees 3.0 KiB.')).toBeVisible();
  await content.uploadArtifacts(experiment, { 'c.bin': second });
  await expect(page.getByText('Deletes 3 files (4.0 KiB) and frees 3.0 KiB; identical files are stored once.')).toBeVisible();
});

test('deletion requires the name and returns to the project', async ({ page, content, browserErrors }) => {
  const project = await content.createProject();
  const experiment = await content.createExperiment(project);
  await visit(page, `${experiment.path}/settings`);
  const button = page.getByRole('button', { name: 'Delete this experiment' });
  const confirm = page.getByLabel(/^Type/);
  await expect(button).toBeDisabled();
  await confirm.fill(`${experiment.name}!`);
  await expect(button).toBeDisabled();
  await confirm.fill(experiment.name);
  await expect(button).toBeEnabled();
  await button.click();

  await expect(heading(page)).toHaveText(project.name);
  await expect(page).toHaveURL(project.path);
  await expect(page.getByRole('link', { name: experiment.name })).toHaveCount(0);

  browserErrors.expectStatus(404);
  expect((await visit(page, `${experiment.path}/logs`)).status()).toBe(404);
});

test('deletion requires the new name after a rename', async ({ page, content }) => {
  const experiment = await createDescribedExperiment(content);
  const name = uniqueName('renamed');
  await visit(page, `${experiment.path}/settings`);
  await page.getByLabel('Name').fill(name);
  await saveSettings(page);
  await expect(heading(page)).toHaveText(name);
  const button = page.getByRole('button', { name: 'Delete this experiment' });
  await page.getByLabel(/^Type/).fill(experiment.name);
  await expect(button).toBeDisabled();
  await page.getByLabel(/^Type/).fill(name);
  await expect(button).toBeEnabled();
});
