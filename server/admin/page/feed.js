// The server's frames, five a second, as long as the page is visible.

const retryMs = 2000;

/** Calls `onFrame` with each frame, and `onLink` with 'live' or 'lost' when that changes. */
class Feed {
  constructor(onFrame, onLink) {
    this.onFrame = onFrame;
    this.onLink = onLink;
    this.source = null;
    document.addEventListener('visibilitychange', () => document.hidden ? this.stop() : this.start());
    this.start();
  }

  start() {
    this.stop();
    if (document.hidden) return;
    this.source = new EventSource('/events');
    this.source.addEventListener('message', (event) => {
      this.onLink('live');
      this.onFrame(JSON.parse(event.data));
    });
    this.source.addEventListener('error', () => this.lose());
  }

  stop() {
    if (this.source) this.source.close();
    this.source = null;
  }

  /** The browser reconnects by itself, but not after a response such as 503. */
  lose() {
    this.onLink('lost');
    if (this.source.readyState === EventSource.CLOSED) setTimeout(() => this.start(), retryMs);
  }
}
