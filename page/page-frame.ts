import { byId, settingOf } from './document.ts';

/** What is around the list: the name of the deployment, the panel, the help, and the header that stays in sight. */
export function bindFrame(scroller: HTMLElement): void {
  const header = byId('top', HTMLElement);
  const panel = byId('panel', HTMLElement);
  byId('help', HTMLButtonElement).addEventListener('click', showHelp);
  panel.addEventListener('click', ({ target }) => {
    if (target instanceof Element && target.closest('nav, #tools, .pattern, .narrow')) panel.hidePopover();
  });
  // A row comes into sight below the header.
  new ResizeObserver(() => {
    const isSticky = getComputedStyle(header).position === 'sticky';
    scroller.style.setProperty('--top', isSticky ? `${header.offsetHeight}px` : '0px');
  }).observe(header);
  showDeployment();
}

export function showHelp(): void {
  byId('shortcuts', HTMLDialogElement).showModal();
}

/** Shows the name of the deployment: the one that `logs --web` gives, or else the host. */
function showDeployment(): void {
  const name = settingOf('deployment') || location.host;
  for (const place of document.querySelectorAll('.deployment')) place.textContent = name;
  document.title = `${name} · Logs`;
}
