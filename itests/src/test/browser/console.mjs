// The web console as its administrator meets it, in Chromium: node console.mjs URL CODE FOLDER JARS HOME
// FOLDER takes the screenshots; JARS has bundles, signed and not; HOME is that of the house, whose files are edited. Prints one line for each step; ends with 1 at the first that fails.
import { strict as assert } from 'node:assert';
import { appendFileSync, copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const [url, code, folder, jars, home] = process.argv.slice(2);
const rules = join(home, 'rules/hall.rules');
const PASSWORD = 'correct horse battery';
const options = {
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  viewport: { width: 1280, height: 900 },
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
};
mkdirSync(folder, { recursive: true });
const context = await chromium.launchPersistentContext(join(folder, 'profile'), options);
context.setDefaultTimeout(30000);
const page = context.pages()[0] ?? await context.newPage();
const wrong = [];
page.on('pageerror', error => wrong.push(String(error)));
page.on('console', message => { if (message.type() === 'error' && !/40[0-9]|42[0-9]/.test(message.text())) { wrong.push(message.text()); } });

let shots = 0;
async function step(name, work) {
  await work();
  await page.screenshot({ path: join(folder, `${String(++shots).padStart(2, '0')}-${name}.png`), fullPage: true });
  console.log(`ok ${name}`);
}
const open = path => page.goto(url + '/system/console/' + path);
const text = selector => page.locator(selector).first().innerText();
const notice = () => text('#fh-notice');
const press = name => page.getByRole('button', { name, exact: true }).first().click();

async function fill(values) {
  for (const [name, value] of Object.entries(values)) { await page.fill(`[name=${name}]`, value); }
}

async function set(point, value) {
  const row = page.locator('.fh-forms tr', { has: page.locator('th', { hasText: new RegExp(`^${point}$`) }) });
  const field = row.locator('[name=value]');
  if (await field.evaluate(f => f.tagName) === 'SELECT') { await field.selectOption(value); } else { await field.fill(value); }
  await row.getByRole('button').click();
}

async function awaitValue(point, value) {
  await page.locator('#points tr', { hasText: point }).locator('b', { hasText: new RegExp(`^${value}$`) }).waitFor();
}

const row = name => page.locator('tr', { has: page.getByRole('link', { name, exact: true }) });
const ISOLATED = /active isolated: pid (\d+), \d+ of 224 MB/;
const RESTARTED = new RegExp(ISOLATED.source + ', 1 restart');
const done = () => page.locator('.fh-good', { hasText: /Generation \d+ is in force/ }).waitFor();

async function upload(file, signature) {
  await open('features');
  await page.setInputFiles('[name=file]', join(jars, file));
  if (signature) { await page.setInputFiles('[name=signature]', join(jars, signature)); }
  await press('Upload and look at it');
}

try {
  await step('wrong-code', async () => {
    await open('');
    assert.match(page.url(), /\/login/);
    await fill({ code: 'AAAA-AAAA-AAAA-AAAA', user: 'anna', password: PASSWORD, again: PASSWORD });
    await press('Make the administrator');
    assert.match(await text('.wrong'), /not the one-time code/);
  });
  await step('devices', async () => {
    await fill({ code, user: 'anna', password: PASSWORD, again: PASSWORD });
    await press('Make the administrator');
    await page.waitForURL('**/system/console/devices');
    assert.match(await text('#devices'), /Hall\.Light/);
    assert.match(await text('#devices'), /online/);
  });
  await step('device', async () => {
    await page.getByRole('link', { name: 'Hall.Light' }).click();
    await set('brightness', '40');
    assert.match(await notice(), /Command \d+ of user anna, Hall\.Light\.brightness = 40 %: confirmed/);
    await awaitValue('brightness', '40 %');
    assert.match(await text('.fh-held'), /brightness is held at 40 % by .*anna/);
  });
  await step('refused', async () => {
    await set('brightness', '400');
    assert.match(await notice(), /Nothing was sent.*0 to 100 %/);
  });
  await step('released', async () => {
    await press('Release');
    assert.match(await notice(), /release Hall\.Light\.brightness: /);
    assert.equal(await page.locator('.fh-held').count(), 0);
  });
  await step('action', async () => {
    const before = await page.locator('#points tr', { hasText: 'onoff' }).locator('b').innerText();
    await press('Do it');
    assert.match(await notice(), /Hall\.Light\.toggle: (confirmed|sent)/);
    await awaitValue('onoff', before === 'on' ? 'off' : 'on');
  });
  await step('history', async () => {
    await open('devices');
    await page.getByRole('link', { name: 'Hall.Temp' }).click();
    await page.locator('#points tr', { hasText: 'temperature' }).getByRole('link', { name: 'History', exact: true }).click();
    for (const range of ['Last week', 'Last day', 'Last hour']) {
      await page.getByRole('link', { name: range, exact: true }).click();
      assert.match(await page.locator('.fh-line').getAttribute('d'), /^M[\d.]+ [\d.]+H/);
    }
    assert.match(await page.locator('.fh-graph').textContent(), /°C/);
    assert.match(await text('.fh-table tbody'), /°C\s+good/);
  });
  await step('rules', async () => {
    await open('devices');
    await page.getByRole('link', { name: 'Hall.Light' }).click();
    await set('onoff', 'off');
    await set('onoff', 'on');
    await open('rules');
    assert.match(await text('#rules'), /Lamp follows light/);
    await page.locator('#waiting', { hasText: 'Lamp follows light' }).waitFor();
    assert.match(await text('.fh'), /W\d+|no remarks/);
  });
  await step('tests', async () => {
    await press('Run the tests');
    assert.match(await notice(), /1 of 1 tests passed/);
    assert.match(await text('.fh'), /1 of 1 passed/);
  });
  await step('file', async () => {
    await page.getByRole('link', { name: 'rules/hall.rules', exact: true }).first().click();
    assert.match(await text('.fh-source'), /rule "Lamp follows light"/);
  });
  await step('why', async () => {
    await open('rules');
    await page.fill('[name=what]', 'Hall.Lamp');
    await press('Why?');
    assert.match(await text('.fh-because'), /Lamp follows light/);
    await page.fill('[name=what]', 'Hall.Light');
    await press('Why?');
    assert.match(await text('.fh-because'), /anna/);
  });
  await step('whynot', async () => {
    await open('rules');
    await page.selectOption('[name=rule]', 'Too hot');
    await press('Why not?');
    assert.match(await text('h2'), /Why did .*Too hot.* not run/);
    assert.match(await text('.fh-because'), /Hall\.Temp/);
  });
  await step('error', async () => {
    appendFileSync(rules, 'rule "Slip"\n  when Hall.Lite turns on\ndo\n  turn on Hall.Lamp\nend\n');
    for (let i = 0; i < 100 && !/Hall\.Lite/.test(await text('.fh')); i++) { await page.waitForTimeout(200); await open('rules'); }
    assert.match(await text('.fh'), /error\s+rules\/hall\.rules:\d+:\d+\s+E\d+.*Hall\.Lite/);
    assert.match(await text('.fh-bad'), /the rules before it stay in force/);
    assert.match(await text('#rules'), /Lamp follows light/);
  });
  await step('features', async () => {
    await open('features');
    assert.match(await text('.fh-table'), /webconsole/);
  });
  await step('plan', async () => {
    const row = page.locator('tr', { has: page.getByRole('link', { name: 'terminal', exact: true }) });
    await row.getByRole('button', { name: 'Install' }).click();
    assert.match(await text('.fh'), /Nothing has been changed yet/);
    assert.match(await text('.fh-table'), /install\s+feature\s+terminal/);
  });
  await step('installed', async () => {
    await press('Do it: install terminal');
    await page.locator('.fh-good', { hasText: /Generation \d+ is in force/ }).waitFor();
    await open('features');
    assert.match(await text('.fh-table'), /terminal/);
  });
  await step('feature', async () => {
    await page.getByRole('link', { name: 'terminal', exact: true }).click();
    assert.match(await text('.fh'), /SHA-256/);
    await press('Look at signatures, permissions and code again');
    // The page comes while the code is still being read.
    await page.locator('.fh', { hasText: 'Signature, permissions and code' }).first().waitFor();
  });
  await step('removed', async () => {
    await open('features');
    const row = page.locator('tr', { has: page.getByRole('link', { name: 'terminal', exact: true }) });
    await row.getByRole('button', { name: 'Remove' }).click();
    await press('Do it: remove terminal');
    await page.locator('.fh-good', { hasText: 'is in force' }).waitFor();
  });
  await step('upload', async () => {
    await upload('unsigned.jar');
    assert.match(await text('.fh'), /Plan: install unsigned.jar/);
    assert.match(await text('.fh-bad'), /would be refused/);
    assert.match(await text('.fh-bad'), /trust:allow [0-9a-f]{64} org\.example\.acme WHY/);
    assert.equal(await page.getByRole('button', { name: /^Do it/ }).count(), 0);
  });
  await step('grave', async () => {
    await upload('grave.jar');
    const said = await text('.fh-bad');
    assert.match(said, /runs native code.*trust:allow [0-9a-f]{64} org\.example\.grave --may native WHY/s);
    assert.equal(await page.getByRole('button', { name: /^Do it/ }).count(), 0);
    assert.match(await text('.fh'), /\.\/fieldhouse shell trust:allow/);
    appendFileSync(join(home, 'trust/allowed'), `${/[0-9a-f]{64}/.exec(said)[0]} grave may:native for the bench\n`);
  });
  await step('allowed', async () => {
    await press('Look again');
    assert.match(await text('.fh'), /warning\s+bytecode.*runs native code.*the administrator lets it: for the bench/s);
    assert.equal(await page.getByRole('button', { name: /^Do it/ }).count(), 1);
    await page.getByRole('link', { name: 'Leave it' }).click();
  });
  await step('signed', async () => {
    await upload('acme-1.0.0.jar', 'acme-1.0.0.jar.minisig');
    assert.match(await text('.fh'), /signed by acme/);
    assert.match(await text('.fh'), /threads: starts threads of its own/);
    await press('Do it: install acme-1.0.0.jar');
    await done();
    await open('features');
    assert.match(await row('org.example.acme').innerText(), /1\.0\.0\s+active/);
  });
  await step('update-plan', async () => {
    await upload('acme-1.1.0.jar', 'acme-1.1.0.jar.minisig');
    assert.match(await text('.fh-table'), /update\s+bundle\s+org\.example\.acme\s+1\.0\.0\s+1\.1\.0/);
    assert.match(await text('.fh'), /warning\s+permission\s+org\.example\.acme 1\.1\.0\s+asks for more than 1\.0\.0 did: connect to/);
  });
  await step('update', async () => {
    await press('Do it: install acme-1.1.0.jar');
    await done();
  });
  await step('rolled-back', async () => {
    await upload('acme-1.2.0.jar', 'acme-1.2.0.jar.minisig');
    await press('Do it: install acme-1.2.0.jar');
    await page.locator('.fh-bad', { hasText: 'no coffee' }).waitFor();
    assert.match(await text('.fh-bad'), /Nothing was changed/);
    assert.match(await text('.fh'), /roll back/);
    await open('features');
    assert.match(await row('org.example.acme').innerText(), /1\.1\.0\s+active/);
  });
  await step('generations', async () => {
    const first = await page.locator('#generations tbody tr').first().innerText();
    assert.match(first, /anna\s+org\.example\.acme 1\.0\.0 → 1\.1\.0\s+in force/);
    const second = page.locator('#generations tbody tr').nth(1);
    assert.match(await second.innerText(), /anna\s+\+ org\.example\.acme 1\.0\.0/);
    await second.getByRole('button', { name: 'Go back to this…' }).click();
    assert.match(await text('.fh-table'), /update\s+bundle\s+org\.example\.acme\s+1\.1\.0\s+1\.0\.0/);
  });
  await step('gone-back', async () => {
    await page.getByRole('button', { name: /^Do it: go back to generation/ }).click();
    await done();
    await open('features');
    assert.match(await row('org.example.acme').innerText(), /1\.0\.0\s+active/);
  });
  await step('taken-away', async () => {
    await row('org.example.acme').getByRole('button', { name: 'Remove' }).click();
    await press('Do it: remove org.example.acme');
    await done();
    await open('features');
    assert.equal(await row('org.example.acme').count(), 0);
  });
  await step('isolate-plan', async () => {
    await page.getByRole('link', { name: 'virtual', exact: true }).click();
    assert.match(await text('.fh-facts'), /process\s+the house's/);
    await press('Put into a process of its own…');
    assert.match(await text('.fh-table'), /install\s+choice\s+virtual\s+a process/);
    assert.match(await text('.fh-table'), /install\s+process\s+virtual\s+64m/);
  });
  await step('isolated', async () => {
    await press('Do it: isolate virtual');
    await done();
    await open('features');
    assert.match(await row('virtual').innerText(), ISOLATED);
  });
  await step('restarted', async () => {
    process.kill(Number(ISOLATED.exec(await row('virtual').innerText())[1]), 'SIGKILL');
    for (let i = 0; i < 150 && !RESTARTED.test(await row('virtual').innerText()); i++) { await page.waitForTimeout(200); await open('features'); }
    assert.match(await row('virtual').innerText(), RESTARTED);
    await page.getByRole('link', { name: 'virtual', exact: true }).click();
    assert.match(await text('.fh-facts'), /process\s+pid \d+, .*1 restart/);
  });
  await step('in-the-house-again', async () => {
    await press('Take out of its process…');
    assert.match(await text('.fh-table'), /remove\s+process\s+virtual/);
    await press('Do it: take virtual out of its process');
    await done();
    await open('features');
    assert.doesNotMatch(await row('virtual').innerText(), /isolated/);
  });
  await step('named-isolated', async () => {
    const form = page.locator('form', { has: page.locator('[name=versions]') });
    await form.locator('[name=what]').fill(join(jars, 'acme-1.0.0.jar'));
    await form.locator('[name=isolated]').check();
    await press('Look at it');
    assert.match(await text('.fh-table'), /install\s+process\s+org\.example\.acme\s+64m/);
    await page.getByRole('link', { name: 'Leave it' }).click();
  });
  await step('uploaded-isolated', async () => {
    await open('features');
    await page.locator('form', { has: page.locator('[name=file]') }).locator('[name=isolated]').check();
    await page.setInputFiles('[name=file]', join(jars, 'acme-1.0.0.jar'));
    await page.setInputFiles('[name=signature]', join(jars, 'acme-1.0.0.jar.minisig'));
    await press('Upload and look at it');
    assert.match(await text('.fh-table'), /install\s+process\s+org\.example\.acme\s+64m/);
    await page.getByRole('link', { name: 'Leave it' }).click();
  });
  await step('refused', async () => {
    assert.equal(await page.locator('#refused').count(), 0);
    mkdirSync(join(home, 'deploy'), { recursive: true });
    copyFileSync(join(jars, 'unsigned.jar'), join(home, 'deploy/stranger.jar'));
    for (let i = 0; i < 100 && !await page.locator('#refused').count(); i++) { await page.waitForTimeout(200); await open('features'); }
    assert.match(await text('#refused'), /stranger\.jar\s+\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\s+\[F004\] org\.example\.acme.*trust:allow/s);
  });
  await step('refused-no-more', async () => {
    rmSync(join(home, 'deploy/stranger.jar'));
    for (let i = 0; i < 100 && await page.locator('#refused').count(); i++) { await page.waitForTimeout(200); await open('features'); }
    assert.equal(await page.locator('#refused').count(), 0);
  });
  await step('many', async () => {
    const areas = ['Hall', 'Bath', 'The long corridor between the workshop and the old cellar', 'Ground floor'];
    let yaml = '';
    for (let i = 1; i <= 60; i++) {
      yaml += `Many.Lamp_with_a_name_as_long_as_people_give_${i}: {binding: virtual, type: ${i % 3 ? 'dimmer' : 'thermostat'}, area: "${areas[i % 4]}"}\n`;
    }
    writeFileSync(join(home, 'devices/many.yaml'), yaml);
    await open('devices');
    for (let i = 0; i < 100 && !/people_give_60/.test(await text('#devices')); i++) { await page.waitForTimeout(200); await open('devices'); }
    assert.ok(await page.locator('#devices tr').count() >= 65);
    for (const [width, height] of [[1280, 900], [800, 900], [390, 800]]) {
      await page.setViewportSize({ width, height });
      for (const tab of ['devices', 'rules', 'features']) {
        await open(tab);
        // A table that is wider than the window moves within itself.
        const wide = await page.evaluate(() => {
          const box = document.querySelector('.fh').getBoundingClientRect();
          return [...document.querySelectorAll('.fh *')].filter(e => !e.parentElement.closest('.fh-table, .fh-source') && e.getBoundingClientRect().right > box.right + 1)
            .map(e => e.outerHTML.slice(0, 80)).slice(0, 3);
        });
        assert.deepEqual(wide, [], `${tab} at ${width}`);
        await page.screenshot({ path: join(folder, `width-${width}-${tab}.png`), fullPage: width > 800 });
      }
    }
    await page.setViewportSize(options.viewport);
    await open('devices');
  });
  await step('bundles', async () => {
    await open('bundles');
    await page.locator('#plugin_table', { hasText: 'org.fieldhouse.runtime' }).waitFor();
  });
  assert.deepEqual(wrong, [], 'no page has an error in its scripts or breaks its policy');

  await step('without-javascript', async () => {
    const plain = await chromium.launch({ executablePath: options.executablePath, args: options.args });
    const reader = await (await plain.newContext({ javaScriptEnabled: false, viewport: options.viewport })).newPage();
    await reader.goto(url + '/login');
    await reader.fill('[name=user]', 'anna');
    await reader.fill('[name=password]', PASSWORD);
    await reader.getByRole('button', { name: 'Log in' }).click();
    await reader.getByRole('link', { name: 'Hall.Light' }).click();
    await reader.locator('.fh-forms tr', { hasText: 'brightness' }).first().locator('[name=value]').fill('7');
    await reader.locator('.fh-forms tr', { hasText: 'brightness' }).first().getByRole('button').click();
    assert.match(await reader.locator('#fh-notice').innerText(), /= 7 %: confirmed/);
    await reader.screenshot({ path: join(folder, 'without-javascript.png'), fullPage: true });
    await plain.close();
  });
  await step('another-site', async () => {
    // The browser holds the session's cookie; 'localhost' is another site for it, and posts a form here.
    await page.goto(url.replace('127.0.0.1', 'localhost') + '/health');
    const [answer] = await Promise.all([
      page.waitForResponse(response => response.request().method() === 'POST'),
      page.evaluate(target => {
        const form = document.createElement('form');
        form.method = 'post';
        form.action = target;
        document.body.append(form);
        form.submit();
      }, url + '/system/console/bundles/0?action=stop'),
    ]);
    assert.equal(answer.status(), 403);
    await page.locator('body', { hasText: 'A page of another site' }).waitFor();
    await open('bundles');
    await page.locator('#plugin_table', { hasText: 'org.fieldhouse.runtime' }).waitFor();
  });
  await step('logged-out', async () => {
    await open('devices');
    await page.locator('.logoutButton a').click();
    await page.waitForURL('**/login?out');
    await open('devices');
    assert.match(page.url(), /\/login\?next=/);
    await fill({ user: 'anna', password: 'wrong wrong wrong' });
    await press('Log in');
    assert.match(await text('.wrong'), /User name or password is wrong/);
  });
  await step('too-often', async () => {
    for (let i = 0; i < 12 && !/Too many/.test(await text('.wrong')); i++) {
      await fill({ user: 'anna', password: 'wrong wrong wrong' });
      await press('Log in');
    }
    assert.match(await text('.wrong'), /Too many attempts failed: try again in /);
  });
} catch (error) {
  await page.screenshot({ path: join(folder, 'failed.png'), fullPage: true });
  console.log(`FAILED at ${page.url()}\n${error.stack}\n${await page.locator('body').innerText()}`);
  process.exitCode = 1;
} finally {
  await context.close();
}
