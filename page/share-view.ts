import type { LogClient } from '../client/log-client.ts';
import { copyText } from './document.ts';
import type { Notices } from './notices.ts';
import { linkedState, type Shown, shownCount, shownState } from './shown-state.ts';
import { pageParametersOf, type ViewState } from './view-state.ts';
import { secondScript, whenNeeded } from './when-needed.ts';

export interface SharedView {
  state: () => ViewState;
  /** What of the entries is on screen; undefined where dead letters are shown. */
  shownEntries: () => Shown | undefined;
  /** The state with the range of the dead letters that are on screen in absolute times. */
  shownLetters: () => ViewState;
}

/** How a view leaves the page: as a link, as a file, or as a text on the clipboard. */
export function createSharing(client: LogClient, notices: Notices, view: SharedView) {
  const exporter = whenNeeded(async () => (await secondScript.get()).createExporter(client));

  async function copy(text: string, what: string): Promise<void> {
    const done = await copyText(text);
    notices.say(done ? `${what} copied` : 'The browser does not let the page copy: select the text instead');
  }

  function copyLink(state: ViewState, what: string): void {
    copy(new URL(`?${pageParametersOf(state)}`, document.baseURI).href, what);
  }

  return {
    copy,
    copyLink,
    copyLinkToView() {
      const shown = view.shownEntries();
      copyLink(shown ? linkedState(view.state(), shown) : view.shownLetters(), 'Link to this view');
    },
    /** Offers to save all of the view to a file. */
    async exportView(): Promise<void> {
      const state = view.state();
      const shown = view.shownEntries();
      if (!shown) (await exporter.get()).openLetters(view.shownLetters());
      else {
        const [fixed, count] = [shownState(state, shown), shownCount(state, shown)];
        (await exporter.get()).openEntries(fixed, count);
      }
    },
  };
}
