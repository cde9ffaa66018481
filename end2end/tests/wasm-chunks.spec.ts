// The WASM's chunks: each comes with the first page that needs it, and no page loads what it does not need.

import type { Page } from '@playwright/test';

import { waitForHydration, visit } from '../fixtures/navigation.ts';
import { owner } from '../fixtures/users.ts';
import { expect, test } from '../fixtures/test.ts';

test.use({ user: owner });

/** The names of the chunks that the page asks for from now on. */
function chunks(page: Page): string[] {
  const asked: string[] = [];
  page.on('request', (request) => {
    const name = /\/((?:split|chunk)_\w+)\.wasm$/.exec(request.url())?.[1];
    if (name !== undefined) asked.push(name);
  });
  return asked;
}

const tab = (page: Page, name: string) => page.getByRole('navigation', { name: 'Experiment' }).getByRole('link', { name });

test('the projects load no chunk', async ({ page }) => {
  const asked = chunks(page);
  await visit(page, '/');
  expect(asked).toEqual([]);
});

test('an experiment that is opened loads its chunk, once for all tabs', async ({ page, content }) => {
  const project = await content.createProject();
  const experiment = await content.createExperiment(project);
  await visit(page, project.path);
  const asked = chunks(page);
  await page.getByRole('link', { name: experiment.name, exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: experiment.name })).toBeVisible();
  await tab(page, 'Artifacts').click();
  await expect(page.getByRole('heading', { level: 2, name: 'No artifacts' })).toBeVisible();
  await tab(page, 'Settings').click();
  await expect(page.getByRole('heading', { level: 2, name: 'General' })).toBeVisible();
  expect(asked).toEqual(['split_experiment']);
});

test('the document names the chunks of its page, and the browser asks for each once', async ({ page, content }) => {
  const experiment = await content.createExperiment(await content.createProject());
  const asked = chunks(page);
  const text = await (await visit(page, `${experiment.path}/logs`)).text();
  const links = [...text.matchAll(/<link[^>]*>/g)].map(([link]) => link).filter((link) => link.includes('rel="preload"'));
  const named = links.flatMap((link) => /\/((?:split|chunk)_\w+)\.wasm"/.exec(link)?.[1] ?? []);
  expect(new Set(named).size, 'each once').toBe(named.length);
  expect(named).toContain('split_experiment');
  expect(named).not.toContain('split_inner');
  expect(new Set(asked).size).toBe(asked.length);
  expect(asked).toEqual(expect.arrayContaining(named));
});

test('a page whose chunk is gone is asked of the server', async ({ page, content, browserErrors }) => {
  browserErrors.expectStatus(404);
  browserErrors.expectMessage(/HTTP status code is not ok/);
  const project = await content.createProject();
  const experiment = await content.createExperiment(project);
  await visit(page, project.path);
  await page.evaluate(() => document.documentElement.setAttribute('data-before', ''));
  // As after an update of the server: the addresses that this page knows lead nowhere.
  await page.route('**/split_experiment.wasm', (route) => route.fulfill({ status: 404 }), { times: 1 });
  await page.getByRole('link', { name: experiment.name, exact: true }).click();
  await expect(page.locator('html')).not.toHaveAttribute('data-before');
  await waitForHydration(page);
  await expect(page).toHaveURL(`${experiment.path}/logs`);
  await expect(page.getByRole('heading', { level: 1, name: experiment.name })).toBeVisible();
});
