"""What people and banks bring beside the CRM: absences and exchange rates, as values with every bad line told. Pure."""
