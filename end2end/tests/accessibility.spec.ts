// Pages are for everybody: no violation of WCAG 2.2 AA that a machine can find, in either theme; keys do what a mouse does.

import type { Locator, Page } from '@playwright/test';

import { expectNoViolationsInBothThemes } from '../fixtures/axe.ts';
import { uniqueName } from '../fixtures/content-factory.ts';
import { visit } from '../fixtures/navigation.ts';
import { PAGES, createFirstOwner, openWelcome } from '../fixtures/pages.ts';
import { owner } from '../fixtures/users.ts';
import { expect, test } from '../fixtures/test.ts';

for (const { name, user, status, open } of PAGES) {
  test.describe(() => {
    test.use({ user });
    test(`axe finds nothing: ${name}`, async ({ page, content, script, browserErrors }) => {
      if (status >= 400) browserErrors.expectStatus(status);
      await open(page, content, script);
      await expectNoViolationsInBothThemes(page);
    });
  });
}

test('axe finds nothing: welcome, and the first empty list', async ({ page, freshServer }) => {
  await freshServer.start();
  await openWelcome(page, freshServer);
  await expectNoViolationsInBothThemes(page);
  await createFirstOwner(page, freshServer);
  await expectNoViolationsInBothThemes(page);
});

test('axe finds nothing: a form that was refused', async ({ page, browserErrors }) => {
  browserErrors.expectStatus(422);
  await visit(page, '/sign-in');
  await page.getByLabel('E-mail').fill('nobody@example.org');
  await page.getByLabel('Password').fill('wrong');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expectNoViolationsInBothThemes(page);
});

/** Whether a line is drawn around an element, or around the area that it makes clickable. */
async function outlined(element: Locator): Promise<boolean> {
  return await element.evaluate((focused) =>
    [getComputedStyle(focused), getComputedStyle(focused, '::after')].some(
      ({ outlineStyle, outlineWidth }) => outlineStyle === 'solid' && parseFloat(outlineWidth) >= 2,
    ),
  );
}

test.describe('by keyboard alone', () => {
  test.use({ user: owner });

  /** Presses Tab until something of this role and name has the focus. */
  async function tabTo(page: Page, text: string | RegExp): Promise<void> {
    const focused = page.locator(':focus');
    for (let presses = 0; presses < 40; presses += 1) {
      await page.keyboard.press('Tab');
      const name = (await focused.getAttribute('aria-label')) ?? (await focused.textContent()) ?? '';
      if (typeof text === 'string' ? name.trim() === text : text.test(name)) {
        expect(await outlined(focused), `${text} shows that it has the focus`).toBe(true);
        return;
      }
    }
    throw new Error(`Tab never reached ${text}`);
  }

  test('a project is made', async ({ page }) => {
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

  test('the first Tab leads past the rail to the content', async ({ page }) => {
    await visit(page, '/account');
    await page.keyboard.press('Tab');
    const skip = page.getByRole('link', { name: 'Skip to content' });
    await expect(skip).toBeFocused();
    await expect(skip).toBeInViewport();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('main')).toBeFocused();
  });

  test('Esc gives the focus back to the button that opened', async ({ page }) => {
    await visit(page, '/');
    await tabTo(page, 'New project');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Escape');
    await expect(page.locator(':focus')).toContainText('New project');
  });

  test('an experiment is opened from its row', async ({ page, content }) => {
    const project = await content.createProject();
    const experiment = await content.createExperiment(project);
    await visit(page, project.path);
    await tabTo(page, experiment.name);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(experiment.name);
  });
});
