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
        {notice?.type === 'oldCode' && (
          <div class="notice notice-error">
            <div>
              <p>
                <strong>{words.oldCodeTitle}.</strong> {words.oldCode(Math.floor(notice.ageMinutes / 60))}
              </p>
              <button type="button" class="secondary" onClick={() => commands.tryOldCode()}>
                {words.tryAnyway}
              </button>
            </div>
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
