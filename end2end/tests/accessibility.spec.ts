// Accessibility: axe finds no violations of WCAG 2.2 AA in either theme, and the pages work with the keyboard.

import type { Locator, Page } from '@playwright/test';

import { expectNoViolationsInBothThemes } from '../fixtures/axe.ts';
import { uniqueName } from '../fixtures/content-factory.ts';
import { visit } from '../fixtures/navigation.ts';
import { createFirstOwner, openWelcome, PAGES } from '../fixtures/pages.ts';
import { expect, test } from '../fixtures/test.ts';
import { owner } from '../fixtures/users.ts';

for (const { name, user, status, open } of PAGES) {
  test.describe(() => {
    test.use({ user });
    test(`has no axe violations: ${name}`, async ({ page, content, script, browserErrors }) => {
      if (status >= 400) browserErrors.expectStatus(status);
      await open(page, content, script);
      await expectNoViolationsInBothThemes(page);
    });
  });
}

test('has no axe violations: welcome and projects empty', async ({ page, freshServer }) => {
  await freshServer.start();
  await openWelcome(page, freshServer);
  await expectNoViolationsInBothThemes(page);
  await createFirstOwner(page, freshServer);
  await expectNoViolationsInBothThemes(page);
});

test('has no axe violations: rejected form', async ({ page, browserErrors }) => {
  browserErrors.expectStatus(422);
  await visit(page, '/sign-in');
  await page.getByLabel('E-mail').fill('nobody@example.org');
  await page.getByLabel('Password').fill('wrong');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expectNoViolationsInBothThemes(page);
});

/** Returns whether an element, or the `::after` that enlarges its clickable area, has a visible outline. */
async function hasOutline(element: Locator): Promise<boolean> {
  return await element.evaluate((focused) =>
    [getComputedStyle(focused), getComputedStyle(focused, '::after')].some(
      ({ outlineStyle, outlineWidth }) => outlineStyle === 'solid' && parseFloat(outlineWidth) >= 2,
    ),
  );
}

test.describe('with the keyboard', () => {
  test.use({ user: owner });

  /** Presses Tab until an element with this label or text is focused, and checks its focus outline. */
  async function tabTo(page: Page, text: string | RegExp): Promise<void> {
    const focused = page.locator(':focus');
    for (let presses = 0; presses < 40; presses += 1) {
      await page.keyboard.press('Tab');
      const name = (await focused.getAttribute('aria-label')) ?? (await focused.textContent()) ?? '';
      if (typeof text === 'string' ? name.trim() === text : text.test(name)) {
        expect(await hasOutline(focused), `${text} has a focus outline`).toBe(true);
        return;
      }
    }
    throw new Error(`Tab never reached ${text}`);
  }

  test('creates a project', async ({ page }) => {
    const name = uniqueName('typed');
    await visit(page, '/');
    await tabTo(page, 'New project');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await expect(page.getByRole('textbox', { name: 'Name' })).toBeFocused();
    await page.keyboard.type(name);
    await page.keyboard.press('Tab');
    await page.keyboard.type('A description.');
    await page.keyboard.press('Tab');
    await expect(page.getByRole('button', { name: 'Create project' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
  });

  test('the first Tab stop skips the navigation', async ({ page }) => {
    await visit(page, '/account');
    await page.keyboard.press('Tab');
    const skip = page.getByRole('link', { name: 'Skip to content' });
    await expect(skip).toBeFocused();
    await expect(skip).toBeInViewport();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('main')).toBeFocused();
  });

  test('Esc returns focus to the button that opened the form', async ({ page }) => {
    await visit(page, '/');
    await tabTo(page, 'New project');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Escape');
    await expect(page.locator(':focus')).toContainText('New project');
  });

  test('opens an experiment from its row', async ({ page, content }) => {
    const project = await content.createProject();
    const experiment = await content.createExperiment(project);
    await visit(page, project.path);
    await tabTo(page, experiment.name);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(experiment.name);
  });
});
