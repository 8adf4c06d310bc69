"""What reading any tracker needs: fields that may lie, pages that may not end, a place to go on."""
