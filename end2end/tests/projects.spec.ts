// Projects: list, creation, settings and deletion.

import type { Page } from '@playwright/test';

import { uniqueName } from '../fixtures/content-factory.ts';
import { disclosure } from '../fixtures/disclosure.ts';
import { visit } from '../fixtures/navigation.ts';
import { expect, test } from '../fixtures/test.ts';
import { owner } from '../fixtures/users.ts';

test.use({ user: owner });

const heading = (page: Page) => page.getByRole('heading', { level: 1 });

async function submitNewProject(page: Page, name: string): Promise<void> {
  await disclosure(page, 'New project').click();
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.getByRole('button', { name: 'Create project' }).click();
}

test('creates a project, opens it and lists it', async ({ page }) => {
  const name = uniqueName('Road signs');
  await visit(page, '/');
  await disclosure(page, 'New project').click();
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.getByRole('textbox', { name: 'Description' }).fill('Signs along **country** roads.');
  await page.getByRole('button', { name: 'Create project' }).click();

  await expect(heading(page)).toHaveText(name);
  await expect(page).toHaveURL(/\/project\/[0-9a-f-]{36}$/);
  await expect(page).toHaveTitle(`${name} · Groundglass`);
  await expect(page.getByText('country').and(page.locator('strong'))).toBeVisible();
  await expect(page.getByRole('heading', { name: 'No experiments yet' })).toBeVisible();

  await page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link', { name: 'Personal' }).click();
  await expect(heading(page)).toHaveText('Projects');
  const row = page.getByRole('row', { name });
  await expect(row).toContainText(owner.name);
  await row.getByRole('link', { name }).click();
  await expect(heading(page)).toHaveText(name);
});

test('the list shows the number of experiments', async ({ page, content }) => {
  const project = await content.createProject();
  await content.createExperiment(project);
  await content.createExperiment(project);
  await visit(page, '/');
  const cells = page.getByRole('row', { name: project.name }).getByRole('cell');
  await expect(cells.nth(1)).toHaveText('2');
  await expect(cells.nth(2)).toHaveText('0');
});

test('shows an error for a taken name and keeps the input', async ({ page, content, browserErrors }) => {
  const { name } = await content.createProject();
  browserErrors.expectStatus(409);
  await visit(page, '/');
  await submitNewProject(page, name);
  await expect(page.getByRole('alert')).toContainText(name);
  await expect(page.getByRole('alert')).toContainText(/already/);
  await expect(page.getByRole('textbox', { name: 'Name' })).toHaveValue(name);
  await expect(page).toHaveURL(/\/organization\//);
  await expect(page.getByRole('link', { name, exact: true })).toHaveCount(1);
});

test('renaming updates the page without a reload', async ({ page, content }) => {
  const project = await content.createProject();
  const name = uniqueName('Renamed');
  await visit(page, project.path);
  await disclosure(page, 'Settings').click();
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.getByRole('textbox', { name: 'Description' }).fill('now *described*');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(heading(page)).toHaveText(name);
  await expect(page).toHaveTitle(`${name} · Groundglass`);
  await expect(page.getByText('described').and(page.locator('em'))).toBeVisible();
  await visit(page, project.path);
  await expect(heading(page)).toHaveText(name);
});

test('deletion requires the name and returns to the list', async ({ page, content, browserErrors }) => {
  const project = await content.createProject();
  await content.createExperiment(project);
  await visit(page, project.path);
  await disclosure(page, 'Settings').click();
  await expect(page.getByText("This also deletes its 1 experiment. This can't be undone.")).toBeVisible();
  const button = page.getByRole('button', { name: 'Delete this project' });
  await expect(button).toBeDisabled();
  await page.getByLabel(/^Type/).fill(project.name.slice(1));
  await expect(button).toBeDisabled();
  await page.getByLabel(/^Type/).fill(project.name);
  await button.click();
  await expect(heading(page)).toHaveText('Projects');
  await expect(page.getByRole('link', { name: project.name })).toHaveCount(0);

  browserErrors.expectStatus(404);
  expect((await visit(page, project.path)).status()).toBe(404);
});

test('paginates a long list', async ({ page, content }) => {
  const project = await content.createProject();
  for (let number = 1; number <= 101; number += 1) await content.createExperiment(project, `run ${number}`);
  await visit(page, project.path);
  await expect(page.getByRole('row')).toHaveCount(1 + 100);
  await expect(page.getByRole('link', { name: 'run 1', exact: true })).toHaveCount(0);
  await page.getByRole('link', { name: 'Next' }).click();
  await expect(page.getByText('Page 2 of 2')).toBeVisible();
  await expect(page.getByRole('row')).toHaveCount(1 + 1);
  await expect(page.getByRole('link', { name: 'run 1', exact: true })).toBeVisible();
  await page.goBack();
  await expect(page.getByText('Page 1 of 2')).toBeVisible();
  await expect(page.getByRole('link', { name: 'run 101', exact: true })).toBeVisible();
});

test('Esc and a click outside close a form', async ({ page }) => {
  await visit(page, '/');
  const button = disclosure(page, 'New project');
  const name = page.getByRole('textbox', { name: 'Name' });
  await button.click();
  await expect(name).toBeVisible();
  await name.press('Escape');
  await expect(name).toBeHidden();
  await button.click();
  await expect(name).toBeVisible();
  await heading(page).click();
  await expect(name).toBeHidden();
});
