"""Tables kept as data, which toolkits show: opening hours, directories, lists of clinics."""
