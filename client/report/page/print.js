// On paper nothing can be opened: what is worth its room there is open while the page is printed.

let isOnPaper = false;

/** Calls `show` when the page goes to paper and when it comes back. Not all browsers tell of it in the same way. */
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
