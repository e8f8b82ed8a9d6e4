// Starts `fieldhouse lsp` and hands the rest to it.
const { workspace, window } = require('vscode');
const { LanguageClient } = require('vscode-languageclient/node');

let client;

exports.activate = async () => {
  const settings = workspace.getConfiguration('fieldhouse');
  const folder = workspace.workspaceFolders?.[0]?.uri.fsPath;
  const args = ['lsp'];
  const directory = settings.get('directory') || folder;
  if (directory) args.push(directory);
  if (settings.get('model')) args.push('--model', settings.get('model'));
  client = new LanguageClient(
    'fieldhouse',
    'Fieldhouse Rules',
    { command: settings.get('command'), args, options: { cwd: folder } },
    { documentSelector: [{ scheme: 'file', language: 'fieldhouse-rules' }] },
  );
  try {
    await client.start();
  } catch (error) {
    window.showErrorMessage(`Fieldhouse: \`${settings.get('command')} lsp\` does not start (${error.message}); see the setting fieldhouse.command`);
  }
};

exports.deactivate = () => client?.stop();
