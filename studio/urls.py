"""Every address of the product, one line each."""

from django.conf import settings
from django.urls import path

from studio.views import brief_send, brief_tray, create, first_run, health, media, plain_uploads, style_guide, uploads

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
    path("first/", first_run.first_run, name="first-run"),
    path("first/sample/", first_run.first_run_sample, name="first-run-sample"),
]

if settings.DEBUG:
    urlpatterns += [
        path("style-guide/", style_guide.style_guide, name="style-guide"),
        path("style-guide/<slug:sample>/", style_guide.style_guide, name="style-guide-sample"),
    ]
