// What comes from the server: a frame five times a second, for as long as somebody can see the page.

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

  /** The browser tries again by itself, but not after an answer such as 503. */
  lose() {
    this.onLink('lost');
    if (this.source.readyState === EventSource.CLOSED) setTimeout(() => this.start(), retryMs);
  }
}
