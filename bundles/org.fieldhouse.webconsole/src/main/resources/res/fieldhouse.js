// What is marked data-live is brought up to date every two seconds; without JavaScript, loading the page again does it.
(function () {
  'use strict';
  var live = document.querySelectorAll('.fh [data-live][id]');
  if (!live.length) { return; }
  function refresh() {
    if (document.hidden) { return; }
    fetch(location.href, { headers: { 'X-Fieldhouse-Refresh': '1' }, credentials: 'same-origin' })
      .then(function (answer) {
        if (answer.redirected) { location.reload(); throw new Error('logged out'); }
        return answer.text();
      })
      .then(function (text) {
        var page = new DOMParser().parseFromString(text, 'text/html');
        live.forEach(function (old) {
          var now = page.getElementById(old.id);
          if (now && now.innerHTML !== old.innerHTML) { old.innerHTML = now.innerHTML; }
        });
      })
      .catch(function () { /* the house is stopping, or we were logged out: the next round tells */ });
  }
  setInterval(refresh, 2000);
}());
