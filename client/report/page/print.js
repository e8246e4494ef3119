// On paper nothing can be opened: the details worth printing are open while the page is printed.

let isOnPaper = false;

/** Calls `show` when printing begins and when it ends, which browsers report in different ways. */
function followPrinter(show) {
  let opened = [];
  const goTo = (paper) => {
    if (paper === isOnPaper) return;
    isOnPaper = paper;
    if (paper) opened = [...document.querySelectorAll('.verdict details:not([open]), details.printed:not([open])')];
    for (const details of opened) details.open = paper;
    show();
  };
  addEventListener('beforeprint', () => goTo(true));
  addEventListener('afterprint', () => goTo(false));
  const print = matchMedia('print');
  print.addEventListener('change', () => goTo(print.matches));
  goTo(print.matches);
}
