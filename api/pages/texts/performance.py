"""Texts of the public page about the service's own figures."""

TEXTS = {
    "performance.link": ("Kinerja layanan", "Performance of the service"),
    "performance.title": ("Kinerja layanan paspor", "How the passport service performs"),
    "performance.lead": (
        "{span} hari terakhir, dihitung langsung dari catatan permohonan dan antrean. Angka dari kurang dari {fewest}"
        " orang tidak ditampilkan.",
        "The last {span} days, counted from the record of applications and the queue itself. Figures of fewer than"
        " {fewest} people are not shown.",
    ),
    "performance.none": ("Belum ada angka.", "There are no figures yet."),
    "performance.few": ("terlalu sedikit", "too few to say"),
    "performance.promises": ("Janji yang ditepati", "Promises kept"),
    "performance.promises.text": (
        "Paspor yang siap paling lambat pada tanggal yang pertama kali dijanjikan.",
        "Passports that were ready by the date that was promised first.",
    ),
    "performance.bookings": ("Mendapat jadwal", "Found an appointment"),
    "performance.bookings.text": (
        "Permohonan diterima yang mendapat kursi, dari semua yang mendapat atau berakhir tanpa kursi.",
        "Accepted applications that found a seat, of all that found one or ended without.",
    ),
    "performance.days": ("Dari wawancara sampai siap", "From interview to ready"),
    "performance.days.text": (
        "Hari kerja dari hari wawancara sampai paspor siap.",
        "Working days from the day of the interview until the passport was ready.",
    ),
    "performance.waits": ("Menunggu di kantor", "Waiting at the office"),
    "performance.waits.text": (
        "Menit dari kedatangan, atau dari saat paling awal boleh dipanggil, sampai panggilan pertama.",
        "Minutes from arrival, or from the first minute one may be called, until the first call.",
    ),
    "performance.everywhere": ("Semua kantor", "All offices"),
    "performance.no_office": ("Tanpa kantor", "No office"),
    "performance.office": ("Kantor", "Office"),
    "performance.cases": ("Orang", "People"),
    "performance.share": ("Bagian", "Share"),
    "performance.half": ("Separuh paling lama", "Half within"),
    "performance.most": ("9 dari 10 paling lama", "9 in 10 within"),
    "performance.bar": ("Gambar", "Picture"),
    "performance.unit.days": ("{value} hari kerja", "{value} working days"),
    "performance.unit.waits": ("{value} menit", "{value} minutes"),
}
