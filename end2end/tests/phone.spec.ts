// A phone's width: nothing scrolls sideways, and everything can be reached.

import { expectToFit } from '../fixtures/fit.ts';
import { visit } from '../fixtures/hydrated.ts';
import { PAGES, showFirstList, showWelcome } from '../fixtures/pages.ts';
import { owner } from '../fixtures/people.ts';
import { reveal } from '../fixtures/reveal.ts';
import { expect, test } from '../fixtures/test.ts';

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

for (const { name, who, status, show } of PAGES) {
  test.describe(() => {
    test.use({ as: who });
    test(`does not scroll sideways: ${name}`, async ({ page, content, script, complaints }) => {
      if (status >= 400) complaints.status(status);
      await show(page, content, script);
      await expectToFit(page);
    });
  });
}

test('does not scroll sideways: welcome, and the first empty list', async ({ page, bareServer }) => {
  await bareServer.start();
  await showWelcome(page, bareServer);
  await expectToFit(page);
  await showFirstList(page, bareServer);
  await expectToFit(page);
});

test.describe(() => {
  test.use({ as: owner });

  test('the tabs and the account can be reached by touch', async ({ page, content }) => {
    const experiment = await content.experiment(await content.project());
    await visit(page, `${experiment.path}/logs`);
    await page.getByRole('navigation', { name: 'Experiment' }).getByRole('link', { name: 'Settings' }).tap();
    await expect(page).toHaveURL(`${experiment.path}/settings`);
    await reveal(page, 'Account').tap();
    await expect(page.getByRole('button', { name: 'Sign out' })).toBeInViewport({ ratio: 1 });
    await page.getByRole('link', { name: 'Projects' }).tap();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Projects');
  });
});
