// A phone's width: nothing scrolls sideways, and everything can be reached.

import { expectNoHorizontalOverflow } from '../fixtures/overflow.ts';
import { visit } from '../fixtures/navigation.ts';
import { PAGES, createFirstOwner, openWelcome } from '../fixtures/pages.ts';
import { owner } from '../fixtures/users.ts';
import { disclosure } from '../fixtures/disclosure.ts';
import { expect, test } from '../fixtures/test.ts';

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

for (const { name, user, status, open } of PAGES) {
  test.describe(() => {
    test.use({ user });
    test(`does not scroll sideways: ${name}`, async ({ page, content, script, browserErrors }) => {
      if (status >= 400) browserErrors.expectStatus(status);
      await open(page, content, script);
      await expectNoHorizontalOverflow(page);
    });
  });
}

test('does not scroll sideways: welcome, and the first empty list', async ({ page, freshServer }) => {
  await freshServer.start();
  await openWelcome(page, freshServer);
  await expectNoHorizontalOverflow(page);
  await createFirstOwner(page, freshServer);
  await expectNoHorizontalOverflow(page);
});

test.describe(() => {
  test.use({ user: owner });

  test('the tabs and the account can be reached by touch', async ({ page, content }) => {
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
