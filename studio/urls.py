"""Every address of the product, one line each."""

from django.conf import settings
from django.urls import path

from studio.views import health, media, plain_uploads, style_guide, uploads

app_name = "studio"

urlpatterns = [
    # Health
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    # Create
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
]

if settings.DEBUG:
    urlpatterns += [
        path("style-guide/", style_guide.style_guide, name="style-guide"),
        path("style-guide/<slug:sample>/", style_guide.style_guide, name="style-guide-sample"),
    ]
