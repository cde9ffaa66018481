// Light and dark: chosen in the account menu, remembered, and there from the first byte.

import type { Page } from '@playwright/test';

import { reload, visit } from '../fixtures/hydrated.ts';
import { owner } from '../fixtures/people.ts';
import { reveal } from '../fixtures/reveal.ts';
import { expect, test } from '../fixtures/test.ts';

test.use({ as: owner });

async function choose(page: Page, theme: 'System' | 'Light' | 'Dark'): Promise<void> {
  const button = page.getByRole('button', { name: theme });
  if (!(await button.isVisible())) await reveal(page, 'Account').click();
  await button.click();
  await expect(button).toHaveAttribute('aria-pressed', 'true');
}

/** How bright the page is, from 0 to 1. */
async function brightness(page: Page): Promise<number> {
  const picture = await page.screenshot({ clip: { x: 600, y: 500, width: 1, height: 1 } });
  return await page.evaluate(async (bytes) => {
    const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
    const canvas = new OffscreenCanvas(1, 1);
    const context = canvas.getContext('2d');
    context?.drawImage(bitmap, 0, 0);
    const [red = 0, green = 0, blue = 0] = context?.getImageData(0, 0, 1, 1).data ?? [];
    return (red + green + blue) / (3 * 255);
  }, [...picture]);
}

test('switches at once, and stays through reloads and other pages', async ({ page, content }) => {
  const project = await content.project();
  await visit(page, project.path);
  await choose(page, 'Dark');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  expect(await brightness(page)).toBeLessThan(0.3);
  await reload(page);
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  expect(await brightness(page)).toBeLessThan(0.3);
  await visit(page, '/account');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');

  await choose(page, 'Light');
  expect(await brightness(page)).toBeGreaterThan(0.8);
  await choose(page, 'System');
  await expect(page.locator('html')).not.toHaveAttribute('data-theme');
});

test('comes with the page, so that nothing flashes', async ({ page, context, server }) => {
  for (const theme of ['dark', 'light']) {
    await context.addCookies([{ name: 'theme', value: theme, url: server.url }]);
    const response = await page.goto('/');
    expect(await response?.text()).toMatch(new RegExp(`<html[^>]* data-theme="${theme}"`));
  }
  await context.addCookies([{ name: 'theme', value: '"><script>', url: server.url }]);
  const response = await page.goto('/');
  expect(await response?.text()).not.toMatch(/<html[^>]* data-theme/);
});

test('follows the system unless told otherwise', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await visit(page, '/account');
  expect(await brightness(page)).toBeLessThan(0.3);
  await page.emulateMedia({ colorScheme: 'light' });
  expect(await brightness(page)).toBeGreaterThan(0.8);
  await choose(page, 'Dark');
  expect(await brightness(page)).toBeLessThan(0.3);
});

test('the signed-out pages have it too', async ({ open, server }) => {
  const page = await open(undefined);
  await page.context().addCookies([{ name: 'theme', value: 'dark', url: server.url }]);
  await visit(page, '/sign-in');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});
