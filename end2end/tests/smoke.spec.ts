// Smoke test: one journey through the main features, on both engines.

import { uniqueName } from '../fixtures/content-factory.ts';
import { disclosure } from '../fixtures/disclosure.ts';
import { reload, visit } from '../fixtures/navigation.ts';
import { expect, test } from '../fixtures/test.ts';
import { fillSignIn, owner, viewer } from '../fixtures/users.ts';

test('signs in, creates, renames and deletes with live updates, and signs out', async ({ page, openPage, browserErrors }) => {
  const [project, first, second] = [uniqueName('Road signs'), uniqueName('yolo'), uniqueName('yolo again')];
  const heading = page.getByRole('heading', { level: 1 });

  await visit(page, '/');
  await fillSignIn(page, owner.email, owner.password);
  await expect(heading).toHaveText('Projects');
  await disclosure(page, 'New project').click();
  await page.getByRole('textbox', { name: 'Name' }).fill(project);
  await page.getByRole('button', { name: 'Create project' }).click();
  await expect(heading).toHaveText(project);

  const watcher = await openPage(viewer);
  await visit(watcher, new URL(page.url()).pathname);
  await disclosure(page, 'New experiment').click();
  await page.getByRole('textbox', { name: 'Name' }).fill(first);
  await page.getByRole('textbox', { name: 'Description' }).fill('Größeres *Bild*, 界 🔍.');
  await page.getByRole('button', { name: 'Create experiment' }).click();
  await expect(heading).toHaveText(first);
  await expect(page.getByText('Größeres Bild, 界 🔍.')).toBeVisible();
  await watcher.getByRole('link', { name: first }).click();
  await expect(watcher.getByRole('heading', { level: 1 })).toHaveText(first);

  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByLabel('Name').fill(second);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(heading).toHaveText(second);
  await expect(watcher.getByRole('heading', { level: 1 })).toHaveText(second);
  await reload(page);
  await expect(page.getByLabel('Name')).toHaveValue(second);
  await expect(page.getByLabel('Description')).toHaveValue('Größeres *Bild*, 界 🔍.');

  browserErrors.expectStatus(404);
  await page.getByLabel(/^Type/).fill(second);
  await page.getByRole('button', { name: 'Delete this experiment' }).click();
  await expect(heading).toHaveText(project);
  await expect(page.getByRole('heading', { name: 'No experiments yet' })).toBeVisible();
  await expect(watcher.getByRole('alert')).toContainText('Not found');

  await disclosure(page, 'Account').click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(heading).toHaveText('Sign in');
});
