import type { VNode } from 'preact';
import { useApp, useMessages } from './app-context.ts';
import { ErrorText } from './error-text.tsx';

/** Errors interrupt a screen reader, information waits for it; the region is there before its text is. */
export function NoticeView(): VNode {
  const { model, commands } = useApp();
  const words = useMessages();
  const notice = model.notice.value;
  const isError = notice?.type === 'error';
  return (
    <div class="notices">
      <div role="alert">
        {isError && (
          <div class="notice notice-error">
            <ErrorText error={notice.error} />
            <Dismiss />
          </div>
        )}
      </div>
      <div role="status">
        {notice?.type === 'info' && (
          <div class="notice">
            <p>{words.infos[notice.message]}</p>
            <Dismiss />
          </div>
        )}
      </div>
    </div>
  );

  function Dismiss(): VNode {
    return (
      <button type="button" class="quiet" aria-label={words.dismiss} onClick={() => commands.dismissNotice()}>
        ✕
      </button>
    );
  }
}
