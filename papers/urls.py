"""The addresses of reading pages (DESIGN's URL grammar)."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
