"""Every address of the product, one line each."""

from django.conf import settings
from django.urls import path

from studio.views import (
    account,
    bin,
    board,
    brief_send,
    brief_tray,
    clip,
    clip_frame,
    clip_stuck,
    compare,
    connections,
    consent,
    create,
    decide,
    files,
    first_run,
    first_start,
    fix,
    guest,
    guest_media,
    guest_talk,
    health,
    inbox,
    join,
    library,
    media,
    notes,
    people,
    plain_uploads,
    polls,
    projects,
    provider_links,
    review,
    review_polls,
    second_step,
    shares,
    style_guide,
    thaw,
    uploads,
    works,
)

app_name = "studio"

urlpatterns = [
    # Share links, for those who share
    path("shares/new/", shares.share_new, name="share-new"),
    path("shares/<uuid:share_id>/", shares.share, name="share"),
    path("shares/<uuid:share_id>/preview/", shares.share_preview, name="share-preview"),
    path("shares/<uuid:share_id>/renew/", shares.share_renew, name="share-renew"),
    path("shares/<uuid:share_id>/revoke/", shares.share_revoke, name="share-revoke"),
    path("team/shares/", shares.shares, name="shares"),
    # For people without an account, who have a link
    path("s/<str:token>/", guest.guest, name="guest"),
    path("s/<str:token>/password/", guest.guest_password, name="guest-password"),
    path("s/<str:token>/name/", guest.guest_name, name="guest-name"),
    path("s/<str:token>/again/", guest.guest_again, name="guest-again"),
    path("s/<str:token>/notes/", guest_talk.guest_note, name="guest-note"),
    path("s/<str:token>/decide/", guest_talk.guest_decide, name="guest-decide"),
    path("s/<str:token>/clips/<uuid:task_id>/<slug:variant>", guest_media.guest_media, name="guest-media"),
    path("poll/share/<str:token>/", guest_talk.poll_share, name="poll-share"),
    # Health
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    # Create
    path("", create.create, name="create"),
    path("create/new/", create.new_brief, name="new-brief"),
    path("create/price/", create.brief_price, name="brief-price"),
    path("create/names/", create.brief_names, name="brief-names"),
    path("create/<uuid:brief_id>/", create.brief, name="brief"),
    path("create/<uuid:brief_id>/save/", create.brief_save, name="brief-save"),
    path("create/<uuid:brief_id>/tray/", brief_tray.brief_tray, name="brief-tray"),
    path("create/<uuid:brief_id>/send/", brief_send.brief_send, name="brief-send"),
    # In the works, polls
    path("works/", works.works, name="works"),
    path("poll/works/", polls.poll_works, name="poll-works"),
    # Clips (history), one clip, bin
    path("library/", library.library, name="library"),
    path("clips/download/", library.clips_download, name="clips-download"),
    path("clips/move/", library.clips_move, name="clips-move"),
    path("clips/<uuid:task_id>/", clip.clip, name="clip"),
    path("clips/<uuid:task_id>/cancel/", clip.clip_cancel, name="clip-cancel"),
    path("clips/<uuid:task_id>/again/", clip.clip_again, name="clip-again"),
    path("clips/<uuid:task_id>/look-now/", clip_stuck.clip_look_now, name="clip-look-now"),
    path("clips/<uuid:task_id>/found/", clip_stuck.clip_found, name="clip-found"),
    path("clips/<uuid:task_id>/not-there/", clip_stuck.clip_not_there, name="clip-not-there"),
    path("clips/<uuid:task_id>/fetch-again/", clip_stuck.clip_fetch_again, name="clip-fetch-again"),
    path("clips/<uuid:task_id>/elsewhere/", clip_stuck.clip_elsewhere, name="clip-elsewhere"),
    path("clips/<uuid:task_id>/pick/", clip.clip_pick, name="clip-pick"),
    path("clips/<uuid:task_id>/remix/", clip.clip_remix, name="clip-remix"),
    path("clips/<uuid:task_id>/frame/", clip_frame.clip_frame, name="clip-frame"),
    path("clips/<uuid:task_id>/rename/", clip.shot_rename, name="shot-rename"),
    path("bin/", bin.bin_page, name="bin"),
    path("bin/put/", bin.bin_put, name="bin-put"),
    path("bin/restore/", bin.bin_restore, name="bin-restore"),
    path("bin/delete/", bin.bin_delete, name="bin-delete"),
    # Review
    path("review/<uuid:task_id>/", review.review, name="review"),
    # Notes
    path("review/<uuid:task_id>/notes/", notes.note_write, name="note-write"),
    path("notes/<uuid:note_id>/", notes.note_history, name="note-history"),
    path("notes/<uuid:note_id>/answer/", notes.note_answer, name="note-answer"),
    path("notes/<uuid:note_id>/edit/", notes.note_edit, name="note-edit"),
    path("notes/<uuid:note_id>/done/", notes.note_done, name="note-done"),
    path("notes/<uuid:note_id>/delete/", notes.note_delete, name="note-delete"),
    path("poll/review/", review_polls.poll_review, name="poll-review"),
    # Decisions
    path("review/<uuid:task_id>/decide/", decide.decide, name="decide"),
    path("review/<uuid:task_id>/undecide/", decide.undecide, name="undecide"),
    # Compare
    path("compare/", compare.compare, name="compare"),
    path("compare/choose/", compare.compare_choose, name="compare-choose"),
    # Inbox
    path("inbox/", inbox.inbox_page, name="inbox"),
    path("inbox/done/", inbox.inbox_done, name="inbox-done"),
    path("notices/seen/", inbox.notices_seen, name="notices-seen"),
    # Board
    path("board/", board.board, name="board"),
    path("board/move/", board.board_move, name="board-move"),
    path("poll/board/", board.poll_board, name="poll-board"),
    # Files
    path("library/files/", files.files, name="files"),
    path("library/files/pick/", files.file_picker, name="file-picker"),
    path("library/files/undelete/", files.file_undelete, name="file-undelete"),
    path("library/files/fixes/", fix.fix_offer, name="fix-offer"),
    path("library/files/fixes/all/", fix.fix_all, name="fix-all"),
    path("library/files/fixes/progress/", fix.fix_all_progress, name="fix-all-progress"),
    path("library/files/fixes/<uuid:job_id>/", fix.fix_job, name="fix-job"),
    path("library/files/fixes/<uuid:job_id>/stop/", fix.fix_stop, name="fix-stop"),
    path("library/files/<uuid:file_id>/", files.file, name="file"),
    path("library/files/<uuid:file_id>/edit/", files.file_edit, name="file-edit"),
    path("library/files/<uuid:file_id>/consent/", consent.file_consent, name="file-consent"),
    path("library/files/<uuid:file_id>/replace/", files.file_replace, name="file-replace"),
    path("library/files/<uuid:file_id>/delete/", files.file_delete, name="file-delete"),
    path("library/files/<uuid:file_id>/fix/", fix.fix, name="fix"),
    path("library/files/<uuid:file_id>/fix/undo/", fix.fix_undo, name="fix-undo"),
    # Projects
    path("projects/", projects.projects, name="projects"),
    path("projects/new/", projects.project_create, name="project-create"),
    path("projects/<uuid:project_id>/rename/", projects.project_rename, name="project-rename"),
    path("projects/<uuid:project_id>/switch/", projects.project_switch, name="project-switch"),
    # Uploads
    path("uploads/", uploads.upload_create, name="upload-create"),
    path("uploads/plain/", plain_uploads.upload_plain, name="upload-plain"),
    path("uploads/<uuid:upload_id>/", uploads.upload, name="upload"),
    path("uploads/<uuid:upload_id>/finish/", uploads.upload_finish, name="upload-finish"),
    # Media
    path("media/files/<uuid:file_id>/<slug:variant>", media.file_picture, name="file-picture"),
    path("media/clips/<uuid:task_id>/<slug:variant>", media.clip_media, name="clip-media"),
    # For providers: one file of one attempt, and callbacks
    path(
        "r/<uuid:attempt_key>/<slug:sha256>/<slug:signature>.<slug:extension>",
        provider_links.reference_link,
        name="reference-link",
    ),
    path(
        "hooks/<slug:provider>/<uuid:attempt_key>/<slug:signature>/",
        provider_links.provider_callback,
        name="provider-callback",
    ),
    # First start
    path("welcome/<str:token>/", first_start.owner_welcome, name="owner-welcome"),
    path("first/", first_run.first_run, name="first-run"),
    path("first/sample/", first_run.first_run_sample, name="first-run-sample"),
    # Team, with its connections and budgets
    path("team/connections/", connections.connections, name="connections"),
    path("team/connections/reach/", connections.reach_check, name="reach-check"),
    path("team/connections/<slug:provider>/key/", connections.connection_key, name="connection-key"),
    path("team/connections/<slug:provider>/save/", connections.connection_save, name="connection-save"),
    path("team/connections/<slug:provider>/test/", connections.connection_test, name="connection-test"),
    path("team/connections/<slug:provider>/pause/", connections.connection_pause, name="connection-pause"),
    path("team/connections/<slug:provider>/remove/", connections.connection_remove, name="connection-remove"),
    path("team/budgets/save/", connections.budgets_save, name="budgets-save"),
    path("team/thaw/", thaw.thaw, name="thaw"),
    path("reach/<str:question>/", connections.reach, name="reach"),
    # People
    path("team/people/", people.people_page, name="people"),
    path("team/people/invite/", people.people_invite, name="people-invite"),
    path(
        "team/people/invited/<uuid:invitation_id>/again/", people.invitation_again, name="invitation-again"
    ),
    path(
        "team/people/invited/<uuid:invitation_id>/revoke/", people.invitation_revoke, name="invitation-revoke"
    ),
    path("team/people/<int:person_id>/role/", people.person_role, name="person-role"),
    path("team/people/<int:person_id>/remove/", people.person_remove, name="person-remove"),
    path("team/people/<int:person_id>/let-in/", people.person_let_in, name="person-let-in"),
    path("people/<int:person_id>/picture/", account.person_picture, name="person-picture"),
    path("projects/<uuid:project_id>/members/", people.project_members, name="project-members"),
    path("join/<str:token>/", join.join, name="join"),
    # One's own account
    path("you/", account.account, name="account"),
    path("you/name/", account.account_name, name="account-name"),
    path("you/password/", account.account_password, name="account-password"),
    path("you/keys/", account.account_keys, name="account-keys"),
    path("you/mails/", account.account_mails, name="account-mails"),
    path("you/devices/", account.account_devices, name="account-devices"),
    path("you/devices/<int:device_id>/end/", account.account_device, name="account-device"),
    path("you/picture/", account.account_picture, name="account-picture"),
    path("you/leave/", account.account_leave, name="account-leave"),
    path("you/second-step/", second_step.second_step_page, name="second-step"),
    path("you/second-step/begin/", second_step.second_step_begin, name="second-step-begin"),
    path("you/second-step/on/", second_step.second_step_on, name="second-step-on"),
    path("you/second-step/codes/", second_step.second_step_codes, name="second-step-codes"),
    path("you/second-step/off/", second_step.second_step_off, name="second-step-off"),
    path("lights/", account.theme, name="theme"),
]

if settings.DEBUG:
    urlpatterns += [
        path("style-guide/", style_guide.style_guide, name="style-guide"),
        path("style-guide/<slug:sample>/", style_guide.style_guide, name="style-guide-sample"),
    ]
