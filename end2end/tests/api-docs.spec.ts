// The API documentation: works without JavaScript and without signing in, and its examples run against the API.

import { execFileSync } from 'node:child_process';

import { expectNoViolations, expectNoViolationsInBothThemes } from '../fixtures/axe.ts';
import { visit } from '../fixtures/navigation.ts';
import { expectNoHorizontalOverflow } from '../fixtures/overflow.ts';
import { expect, test } from '../fixtures/test.ts';
import { owner } from '../fixtures/users.ts';

const OPERATION = 'Log points to several lines';

test('the contents link to an operation', async ({ page, server }) => {
  await page.goto('/api/docs');
  await expect(page).toHaveTitle('API · Groundglass');
  await expect(page.getByText(`${server.url}/api`, { exact: true })).toBeVisible();
  await page.getByRole('navigation', { name: 'Contents' }).getByRole('link', { name: OPERATION }).click();
  await expect(page).toHaveURL('/api/docs#log_batch');
  const article = page.getByRole('article', { name: OPERATION });
  await expect(article.getByRole('heading', { name: OPERATION })).toBeInViewport();
  await expect(article.getByRole('row', { name: 'Idempotency-Key' })).toContainText('a header, optional');
  await expect(article.getByRole('row', { name: 'logs[].values' })).toContainText('list of numbers');
  await expect(article.getByRole('row', { name: '409' })).toContainText('not a LINE');
  await expect(article.getByText('curl')).toContainText(`"${server.url}/api/experiment/$EXPERIMENT/logs/batch"`);
});

test('the keyboard skips the contents and opens an operation', async ({ page }) => {
  await page.goto('/api/docs');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
  await page.getByRole('navigation', { name: 'Contents' }).getByRole('link', { name: OPERATION }).press('Enter');
  await expect(page.getByRole('heading', { name: OPERATION })).toBeInViewport();
});

test('the shown commands work in a shell', async ({ page, content, server }) => {
  const experiment = await content.createExperiment(await content.createProject());
  const token = (await server.runCommand(['token', 'create', '--email', owner.email, '--scope', 'write'])).trim();
  const env = { ...process.env, TOKEN: token, EXPERIMENT: experiment.id };
  const runPasted = (command: string) => execFileSync('sh', ['-c', command.replace(/^curl/, 'curl -sS')], { env, encoding: 'utf8' });

  await page.goto('/api/docs');
  const commandOf = async (name: string) => await page.getByRole('article', { name, exact: true }).locator('pre').first().innerText();
  const batch = await commandOf(OPERATION);
  expect(JSON.parse(runPasted(batch))).toEqual({ points: 2, logs: 1, repeated: false });
  expect(JSON.parse(runPasted(batch))).toEqual({ points: 2, logs: 1, repeated: true });
  expect(JSON.parse(runPasted(await commandOf('Find a log by name')))).toMatchObject({ name: 'train/loss', type: 'LINE' });
  expect(JSON.parse(runPasted(await commandOf('Log data under a name')))).toMatchObject({ name: 'train/loss', data: [0.5] });
});

test('has no axe violations, wide or narrow', async ({ page }) => {
  // This is by far the longest page.
  test.setTimeout(300_000);
  await page.goto('/api/docs');
  await expectNoViolationsInBothThemes(page);
  // Colors do not depend on the width: one theme is enough.
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoViolations(page, 'narrow');
});

test('does not overflow horizontally at any width', async ({ page }) => {
  await page.goto('/api/docs');
  for (const width of [1440, 1280, 1024, 801, 641, 390, 320]) {
    await page.setViewportSize({ width, height: 844 });
    await expectNoHorizontalOverflow(page);
    // No element on it scrolls horizontally either.
    const scrolling = await page.locator('.table-frame, pre, nav').evaluateAll((elements) =>
      elements.filter((element) => element.scrollWidth > element.clientWidth + 1).map((element) => element.outerHTML.slice(0, 120)),
    );
    expect(scrolling, `at ${width} pixels`).toEqual([]);
  }
});

test('uses the theme chosen in the app', async ({ page, context, server }) => {
  await context.addCookies([{ name: 'theme', value: 'dark', url: server.url }]);
  await page.goto('/api/docs');
  expect(await page.locator('body').evaluate((body) => getComputedStyle(body).colorScheme)).toBe('dark');
});

test.describe(() => {
  test.use({ user: owner });

  test('the account and an empty experiment link to it', async ({ page, content }) => {
    const experiment = await content.createExperiment(await content.createProject());
    for (const address of ['/account', `${experiment.path}/logs`]) {
      await visit(page, address);
      await page.getByRole('main').getByRole('link', { name: /API/ }).click();
      await expect(page.getByRole('heading', { level: 1, name: 'API' })).toBeVisible();
    }
  });
});
