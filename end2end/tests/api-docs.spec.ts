// The page that describes the scripts' API: without scripts, for everyone, and as true as the API itself.

import { execFileSync } from 'node:child_process';

import { expectNoViolationsInBothThemes, expectNoViolations } from '../fixtures/axe.ts';
import { expectNoHorizontalOverflow } from '../fixtures/overflow.ts';
import { visit } from '../fixtures/navigation.ts';
import { owner } from '../fixtures/users.ts';
import { expect, test } from '../fixtures/test.ts';

const operation = 'Log many points to many lines at once';

test('an operation is found by the contents', async ({ page, server }) => {
  await page.goto('/api/docs');
  await expect(page).toHaveTitle('API · Groundglass');
  await expect(page.getByText(`${server.url}/api`, { exact: true })).toBeVisible();
  await page.getByRole('navigation', { name: 'Contents' }).getByRole('link', { name: operation }).click();
  await expect(page).toHaveURL('/api/docs#log_batch');
  const shown = page.getByRole('article', { name: operation });
  await expect(shown.getByRole('heading', { name: operation })).toBeInViewport();
  await expect(shown.getByRole('row', { name: 'Idempotency-Key' })).toContainText('a header, optional');
  await expect(shown.getByRole('row', { name: 'logs[].values' })).toContainText('list of numbers');
  await expect(shown.getByRole('row', { name: '409' })).toContainText('no LINE');
  await expect(shown.getByText('curl')).toContainText(`"${server.url}/api/experiment/$EXPERIMENT/logs/batch"`);
});

test('by keys alone: past the contents, and to an operation', async ({ page }) => {
  await page.goto('/api/docs');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
  await page.getByRole('navigation', { name: 'Contents' }).getByRole('link', { name: operation }).press('Enter');
  await expect(page.getByRole('heading', { name: operation })).toBeInViewport();
});

test('a command works when it is pasted', async ({ page, content, server }) => {
  const experiment = await content.createExperiment(await content.createProject());
  const token = (await server.runCommand(['token', 'create', '--email', owner.email, '--scope', 'write'])).trim();
  const env = { ...process.env, TOKEN: token, EXPERIMENT: experiment.id };
  const pasted = (command: string) => execFileSync('sh', ['-c', command.replace(/^curl/, 'curl -sS')], { env, encoding: 'utf8' });

  await page.goto('/api/docs');
  const command = async (name: string) => await page.getByRole('article', { name, exact: true }).locator('pre').first().innerText();
  const batch = await command(operation);
  expect(JSON.parse(pasted(batch))).toEqual({ points: 2, logs: 1, repeated: false });
  expect(JSON.parse(pasted(batch))).toEqual({ points: 2, logs: 1, repeated: true });
  expect(JSON.parse(pasted(await command('Find a log by its name')))).toMatchObject({ name: 'train/loss', type: 'LINE' });
  expect(JSON.parse(pasted(await command('Log something under a name')))).toMatchObject({ name: 'train/loss', data: [0.5] });
});

test('axe finds nothing, at either width', async ({ page }) => {
  // It is by far the longest page.
  test.setTimeout(300_000);
  await page.goto('/api/docs');
  await expectNoViolationsInBothThemes(page);
  // Colours do not depend on the width.
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoViolations(page, 'narrow');
});

test('does not scroll sideways, however narrow', async ({ page }) => {
  await page.goto('/api/docs');
  for (const width of [1440, 1280, 1024, 801, 641, 390, 320]) {
    await page.setViewportSize({ width, height: 844 });
    await expectNoHorizontalOverflow(page);
    // Nor does anything on it.
    const wide = await page.locator('.table-frame, pre, nav').evaluateAll((all) =>
      all.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.outerHTML.slice(0, 120)),
    );
    expect(wide, `at ${width} pixels`).toEqual([]);
  }
});

test('takes the theme that was chosen on the pages', async ({ page, context, server }) => {
  await context.addCookies([{ name: 'theme', value: 'dark', url: server.url }]);
  await page.goto('/api/docs');
  expect(await page.locator('body').evaluate((body) => getComputedStyle(body).colorScheme)).toBe('dark');
});

test.describe(() => {
  test.use({ user: owner });

  test('the account and an empty experiment lead there', async ({ page, content }) => {
    const experiment = await content.createExperiment(await content.createProject());
    for (const address of ['/account', `${experiment.path}/logs`]) {
      await visit(page, address);
      await page.getByRole('main').getByRole('link', { name: 'the API' }).click();
      await expect(page.getByRole('heading', { level: 1, name: 'API' })).toBeVisible();
    }
  });
});
