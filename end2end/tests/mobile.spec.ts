// Phone width: no page overflows horizontally, and navigation works by touch.

import { disclosure } from '../fixtures/disclosure.ts';
import { visit } from '../fixtures/navigation.ts';
import { expectNoHorizontalOverflow } from '../fixtures/overflow.ts';
import { createFirstOwner, openWelcome, PAGES } from '../fixtures/pages.ts';
import { expect, test } from '../fixtures/test.ts';
import { owner } from '../fixtures/users.ts';

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

for (const { name, user, status, open } of PAGES) {
  test.describe(() => {
    test.use({ user });
    test(`does not overflow horizontally: ${name}`, async ({ page, content, script, browserErrors }) => {
      if (status >= 400) browserErrors.expectStatus(status);
      await open(page, content, script);
      await expectNoHorizontalOverflow(page);
    });
  });
}

test('does not overflow horizontally: welcome and projects empty', async ({ page, freshServer }) => {
  await freshServer.start();
  await openWelcome(page, freshServer);
  await expectNoHorizontalOverflow(page);
  await createFirstOwner(page, freshServer);
  await expectNoHorizontalOverflow(page);
});

test.describe(() => {
  test.use({ user: owner });

  test('the tabs and the account menu work by touch', async ({ page, content }) => {
    const experiment = await content.createExperiment(await content.createProject());
    await visit(page, `${experiment.path}/logs`);
    await page.getByRole('navigation', { name: 'Experiment' }).getByRole('link', { name: 'Settings' }).tap();
    await expect(page).toHaveURL(`${experiment.path}/settings`);
    await disclosure(page, 'Account').tap();
    await expect(page.getByRole('button', { name: 'Sign out' })).toBeInViewport({ ratio: 1 });
    await page.getByRole('link', { name: 'Projects' }).tap();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Projects');
  });
});
