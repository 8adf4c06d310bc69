"""Registers the annotation app with Django."""

from django.apps import AppConfig


class AnnotationConfig(AppConfig):
    """Labels as deliveries: guidelines, pilots, batches, acceptance."""

    name = "headway.domain.annotation"
    label = "annotation"
