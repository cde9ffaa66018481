// Signing in and out, redirects and sessions.

import type { Page } from '@playwright/test';

import { disclosure } from '../fixtures/disclosure.ts';
import { visit, waitForHydration } from '../fixtures/navigation.ts';
import { expect, test } from '../fixtures/test.ts';
import { createUser, fillSignIn, owner, signIn } from '../fixtures/users.ts';

const WRONG_CREDENTIALS = 'Wrong e-mail address or password.';

const heading = (page: Page) => page.getByRole('heading', { level: 1 });

test('the correct password opens the projects', async ({ page }) => {
  await visit(page, '/sign-in');
  await fillSignIn(page, owner.email, owner.password);
  await expect(heading(page)).toHaveText('Projects');
  await expect(page).toHaveURL(/\/organization\/[0-9a-f-]{36}$/);
});

test('shows the same error for a wrong password and an unknown user', async ({ page, server, browserErrors }) => {
  const { email } = await createUser(server);
  browserErrors.expectStatus(422);
  await visit(page, '/sign-in');
  await fillSignIn(page, email, 'not the password');
  await expect(page.getByRole('alert')).toHaveText(WRONG_CREDENTIALS);
  await expect(page.getByLabel('E-mail')).toHaveValue(email);

  await visit(page, '/sign-in');
  await expect(page.getByRole('alert')).toHaveCount(0);
  await fillSignIn(page, 'nobody@example.org', 'not the password');
  await expect(page.getByRole('alert')).toHaveText(WRONG_CREDENTIALS);
  await expect(page).toHaveURL(/\/sign-in$/);
});

test('accepts the correct password after a wrong one', async ({ page, server, browserErrors }) => {
  const { email, password } = await createUser(server);
  browserErrors.expectStatus(422);
  await visit(page, '/sign-in');
  await fillSignIn(page, email, 'not the password');
  await expect(page.getByRole('alert')).toHaveText(WRONG_CREDENTIALS);
  await fillSignIn(page, email, password);
  await expect(heading(page)).toHaveText('Projects');
});

test('throttles repeated attempts and shows the waiting time', async ({ page, server, requestAs, browserErrors }) => {
  const { email } = await createUser(server);
  const request = await requestAs(undefined);
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const response = await request.post('/fn/sign-in', { form: { email, password: `guess ${attempt}` } });
    expect(response.status()).toBe(422);
  }
  browserErrors.expectStatus(429);
  await visit(page, '/sign-in');
  await fillSignIn(page, email, 'one more guess');
  await expect(page.getByRole('alert')).toHaveText(/^Too many attempts; try again in \d+ seconds\.$/);
});

test('redirects to the sign-in page and back to the requested page', async ({ page, content }) => {
  const project = await content.createProject();
  const experiment = await content.createExperiment(project);
  const address = `${experiment.path}/settings`;
  await page.goto(address);
  await waitForHydration(page);
  await expect(heading(page)).toHaveText('Sign in');
  await expect(page).toHaveURL(`/sign-in?next=${address}`);
  await fillSignIn(page, owner.email, owner.password);
  await expect(heading(page)).toHaveText(experiment.name);
  await expect(page).toHaveURL(address);
});

test('keeps the query of the requested page', async ({ page, content }) => {
  const project = await content.createProject();
  await page.goto(`${project.path}?page=2`);
  await waitForHydration(page);
  await fillSignIn(page, owner.email, owner.password);
  await expect(heading(page)).toHaveText(project.name);
  await expect(page).toHaveURL(`${project.path}?page=2`);
});

for (const foreignUrl of ['//evil.example/', 'https://evil.example/', '/\\evil.example', '/%09/evil.example', 'javascript:alert(1)']) {
  test(`never redirects to another site: ${foreignUrl}`, async ({ page, server }) => {
    const { email, password } = await createUser(server);
    const origins: string[] = [];
    page.on('request', (request) => origins.push(new URL(request.url()).origin));
    await visit(page, `/sign-in?next=${encodeURIComponent(foreignUrl)}`);
    await fillSignIn(page, email, password);
    await expect(disclosure(page, 'Account')).toBeAttached();
    expect(new URL(page.url()).origin).toBe(server.url);
    expect(origins.filter((origin) => origin !== server.url)).toEqual([]);
  });
}

test('signing out ends the session in the browser and on the server', async ({ browser, openPage, server, playwright }) => {
  const user = await createUser(server);
  const storageState = await signIn(browser, server, user);
  const page = await openPage(undefined, { storageState });
  await visit(page, '/account');
  await disclosure(page, 'Account').click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(heading(page)).toHaveText('Sign in');

  await visit(page, '/account');
  await expect(page).toHaveURL('/sign-in?next=/account');
  await page.goBack();
  await expect(page.getByText(user.email)).toHaveCount(0);

  // A copy of the cookie is no longer valid.
  const extraHTTPHeaders = { Accept: 'text/html' };
  const copied = await playwright.request.newContext({ baseURL: server.url, storageState, extraHTTPHeaders });
  const response = await copied.get('/account', { maxRedirects: 0 });
  expect(response.status()).toBe(302);
  expect(response.headers()['location']).toBe('/sign-in?next=/account');
  await copied.dispose();
});

test('a session that was ended from another browser ends at the next navigation', async ({ browser, openPage, server, browserErrors }) => {
  const user = await createUser(server);
  const endedPage = await openPage(undefined, { storageState: await signIn(browser, server, user) });
  const activePage = await openPage(undefined, { storageState: await signIn(browser, server, user) });
  await visit(endedPage, '/account');
  await visit(activePage, '/account');
  const sessions = activePage.getByRole('table').getByRole('row');
  // The header and one row for each browser.
  await expect(sessions).toHaveCount(3);
  await activePage.getByRole('table').getByRole('button', { name: 'Sign out' }).click();
  await expect(sessions).toHaveCount(2);
  await expect(activePage.getByText('This browser')).toBeVisible();

  browserErrors.expectStatus(401);
  await endedPage.getByRole('link', { name: 'Projects' }).click();
  await expect(heading(endedPage)).toHaveText('Sign in');
});

test('the session cookie is HttpOnly and SameSite', async ({ browser, server }) => {
  const { cookies } = await signIn(browser, server, owner);
  const session = cookies.find(({ name }) => name.includes('session'));
  expect(session).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
});
