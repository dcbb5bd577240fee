"""Paper: one layout code for the preview, the PDF and the printer. Stands on the domain and QtGui; knows no service."""
