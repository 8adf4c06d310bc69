"""Routes of the style guide; the site includes them only while developing."""

from __future__ import annotations

from django.urls import path

from headway.interfaces.web.layout import views

urlpatterns = [
    path("styleguide/", views.styleguide, name="styleguide"),
    path("styleguide/palette/", views.styleguide_palette, name="styleguide_palette"),
    path("styleguide/cell/", views.styleguide_cell, name="styleguide_cell"),
    path("styleguide/entrance/", views.styleguide_entrance, name="styleguide_entrance"),
    path("styleguide/error/<int:status>/", views.styleguide_error, name="styleguide_error"),
]
