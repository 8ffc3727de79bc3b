"""Every address of the product, one line each."""

from django.conf import settings
from django.urls import path

from studio.views import (
    account,
    brief_send,
    brief_tray,
    create,
    files,
    first_run,
    first_start,
    fix,
    health,
    media,
    plain_uploads,
    style_guide,
    uploads,
)

app_name = "studio"

urlpatterns = [
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
    # Clips (history), one clip, bin
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
    path("library/files/<uuid:file_id>/replace/", files.file_replace, name="file-replace"),
    path("library/files/<uuid:file_id>/delete/", files.file_delete, name="file-delete"),
    path("library/files/<uuid:file_id>/fix/", fix.fix, name="fix"),
    # Projects
    # Uploads
    path("uploads/", uploads.upload_create, name="upload-create"),
    path("uploads/plain/", plain_uploads.upload_plain, name="upload-plain"),
    path("uploads/<uuid:upload_id>/", uploads.upload, name="upload"),
    path("uploads/<uuid:upload_id>/finish/", uploads.upload_finish, name="upload-finish"),
    # Media
    path("media/files/<uuid:file_id>/<slug:variant>", media.file_picture, name="file-picture"),
    path("media/clips/<uuid:task_id>/<slug:variant>", media.clip_media, name="clip-media"),
    # First start
    path("welcome/<str:token>/", first_start.owner_welcome, name="owner-welcome"),
    path("first/", first_run.first_run, name="first-run"),
    path("first/sample/", first_run.first_run_sample, name="first-run-sample"),
    # One's own account
    path("you/", account.account, name="account"),
    path("you/name/", account.account_name, name="account-name"),
    path("you/password/", account.account_password, name="account-password"),
    path("you/keys/", account.account_keys, name="account-keys"),
    path("you/devices/", account.account_devices, name="account-devices"),
    path("lights/", account.theme, name="theme"),
]

if settings.DEBUG:
    urlpatterns += [
        path("style-guide/", style_guide.style_guide, name="style-guide"),
        path("style-guide/<slug:sample>/", style_guide.style_guide, name="style-guide-sample"),
    ]
