// One walk through everything, on each of the engines.

import { unique } from '../fixtures/content.ts';
import { reload, visit } from '../fixtures/hydrated.ts';
import { fillSignIn, owner, viewer } from '../fixtures/people.ts';
import { reveal } from '../fixtures/reveal.ts';
import { expect, test } from '../fixtures/test.ts';

test('sign in, make, rename, watch, delete, sign out', async ({ page, open, complaints }) => {
  const [project, first, second] = [unique('Road signs'), unique('yolo'), unique('yolo again')];
  const heading = page.getByRole('heading', { level: 1 });

  await visit(page, '/');
  await fillSignIn(page, owner.email, owner.password);
  await expect(heading).toHaveText('Projects');
  await reveal(page, 'New project').click();
  await page.getByRole('textbox', { name: 'Name' }).fill(project);
  await page.getByRole('button', { name: 'Create project' }).click();
  await expect(heading).toHaveText(project);

  const watcher = await open(viewer);
  await visit(watcher, new URL(page.url()).pathname);
  await reveal(page, 'New experiment').click();
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

  complaints.status(404);
  await page.getByLabel(/^Type/).fill(second);
  await page.getByRole('button', { name: 'Delete this experiment' }).click();
  await expect(heading).toHaveText(project);
  await expect(page.getByRole('heading', { name: 'No experiments yet' })).toBeVisible();
  await expect(watcher.getByRole('alert')).toContainText('Not found');

  await reveal(page, 'Account').click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(heading).toHaveText('Sign in');
});
