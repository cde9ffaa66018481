// Light and dark theme: chosen in the account menu, saved, and part of the server's HTML.

import type { Page } from '@playwright/test';

import { disclosure } from '../fixtures/disclosure.ts';
import { reload, visit } from '../fixtures/navigation.ts';
import { expect, test } from '../fixtures/test.ts';
import { owner } from '../fixtures/users.ts';

test.use({ user: owner });

async function chooseTheme(page: Page, theme: 'System' | 'Light' | 'Dark'): Promise<void> {
  const button = page.getByRole('button', { name: theme });
  if (!(await button.isVisible())) await disclosure(page, 'Account').click();
  await button.click();
  await expect(button).toHaveAttribute('aria-pressed', 'true');
}

/** Returns the brightness of a background pixel of the page, from 0 to 1. */
async function measureBrightness(page: Page): Promise<number> {
  const screenshot = await page.screenshot({ clip: { x: 600, y: 500, width: 1, height: 1 } });
  return await page.evaluate(async (bytes) => {
    const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
    const canvas = new OffscreenCanvas(1, 1);
    const context = canvas.getContext('2d');
    context?.drawImage(bitmap, 0, 0);
    const [red = 0, green = 0, blue = 0] = context?.getImageData(0, 0, 1, 1).data ?? [];
    return (red + green + blue) / (3 * 255);
  }, [...screenshot]);
}

test('switches at once and is kept across reloads and pages', async ({ page, content }) => {
  const project = await content.createProject();
  await visit(page, project.path);
  await chooseTheme(page, 'Dark');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  expect(await measureBrightness(page)).toBeLessThan(0.3);
  await reload(page);
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  expect(await measureBrightness(page)).toBeLessThan(0.3);
  await visit(page, '/account');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');

  await chooseTheme(page, 'Light');
  expect(await measureBrightness(page)).toBeGreaterThan(0.8);
  await chooseTheme(page, 'System');
  await expect(page.locator('html')).not.toHaveAttribute('data-theme');
});

test('is part of the server\'s HTML, so that nothing flashes', async ({ page, context, server }) => {
  for (const theme of ['dark', 'light']) {
    await context.addCookies([{ name: 'theme', value: theme, url: server.url }]);
    const response = await page.goto('/');
    expect(await response?.text()).toMatch(new RegExp(`<html[^>]* data-theme="${theme}"`));
  }
  await context.addCookies([{ name: 'theme', value: '"><script>', url: server.url }]);
  const response = await page.goto('/');
  expect(await response?.text()).not.toMatch(/<html[^>]* data-theme/);
});

test('follows the system unless a theme is chosen', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await visit(page, '/account');
  expect(await measureBrightness(page)).toBeLessThan(0.3);
  await page.emulateMedia({ colorScheme: 'light' });
  expect(await measureBrightness(page)).toBeGreaterThan(0.8);
  await chooseTheme(page, 'Dark');
  expect(await measureBrightness(page)).toBeLessThan(0.3);
});

test('applies to the sign-in page', async ({ openPage, server }) => {
  const page = await openPage(undefined);
  await page.context().addCookies([{ name: 'theme', value: 'dark', url: server.url }]);
  await visit(page, '/sign-in');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});
