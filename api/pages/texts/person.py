"""Texts of one's own data, and of who has looked at them."""

TEXTS = {
    "data.link": ("Data saya dan siapa yang melihatnya", "My data and who has looked at them"),
    "data.title": ("Data saya", "My data"),
    "data.lead": (
        "Ini data yang kami simpan untuk permohonan ini, dan siapa yang sudah melihatnya. Anda berhak mengetahuinya "
        "(UU 27/2022 tentang Pelindungan Data Pribadi, pasal 32).",
        "These are the data we keep for this application, and who has looked at them. It is your right to know "
        "(Law 27/2022 on personal data protection, article 32).",
    ),
    "data.person": ("Data pemegang paspor", "The person"),
    "data.guardian": ("Orang tua atau wali", "Parent or guardian"),
    "data.papers": ("Dokumen", "Documents"),
    "data.seen": ("Siapa yang melihat", "Who has looked"),
    "data.seen.none": (
        "Belum ada petugas atau auditor yang membuka permohonan ini.",
        "No officer or auditor has opened this application yet.",
    ),
    "data.seen.most": ("Yang ditampilkan: {most} yang terbaru.", "The newest {most} are shown."),
    "data.seen.when": ("Waktu", "When"),
    "data.seen.who": ("Siapa", "Who"),
    "data.seen.what": ("Yang dilihat", "What"),
    "data.file": ("Unduh data saya (JSON)", "Download my data (JSON)"),
    "data.wrong": (
        "Ada yang keliru? Perbaiki data kependudukan di Dukcapil, atau sampaikan kepada petugas saat kunjungan Anda.",
        "Is something wrong? Have it corrected at the civil registry, or tell the officer when you visit.",
    ),
    "seen.what.case": ("Permohonan", "The application"),
    "seen.what.person": ("Data diri", "Personal data"),
    "seen.what.history": ("Riwayat", "The history"),
    "seen.what.portrait": ("Foto", "The portrait"),
    "seen.role.examiner": ("Petugas pemeriksa dokumen", "Documents officer"),
    "seen.role.interviewer": ("Petugas wawancara", "Interviewer"),
    "seen.role.adjudicator": ("Petugas adjudikasi", "Adjudicator"),
    "seen.role.printer": ("Petugas pencetakan", "Printing officer"),
    "seen.role.inspector": ("Petugas uji kualitas", "Quality inspector"),
    "seen.role.handover": ("Petugas penyerahan", "Handover officer"),
    "seen.role.supervisor": ("Penyelia", "Supervisor"),
    "seen.role.head": ("Kepala kantor", "Head of the office"),
    "seen.role.assistant": ("Petugas pendamping", "Filing assistant"),
    "seen.role.auditor": ("Auditor", "Auditor"),
    "seen.role.kiosk": ("Anjungan kantor", "Office kiosk"),
    "seen.role.board": ("Papan antrean", "Queue board"),
    "proof.link": ("Buka dan cetak bukti jadwal", "Open and print the proof"),
    "proof.title": ("Bukti jadwal kunjungan", "Proof of your appointment"),
    "proof.number": ("Nomor permohonan", "Application number"),
    "proof.for": ("Pemegang paspor", "Passport for"),
    "proof.bring": ("Yang harus dibawa, aslinya", "Bring the originals of"),
    "proof.print": (
        "Cetak halaman ini dari menu peramban, atau tunjukkan dari layar ponsel.",
        "Print this page from the browser's menu, or show it on your telephone.",
    ),
    "proof.pdf": ("Simpan lembar ini (PDF)", "Save this sheet (PDF)"),
    "proof.svg": ("Hanya kode QR (SVG)", "The QR code alone (SVG)"),
    "proof.show": (
        "Tunjukkan kode ini di kantor. Kode membuktikan jadwal; yang membuktikan orangnya adalah KTP.",
        "Show this code at the office. It proves the appointment; the identity card proves the person.",
    ),
    "proof.between": (
        "Datang antara pukul {first} dan {last} {zone}. Yang datang sesudahnya dilayani setelah pemohon lain.",
        "Come between {first} and {last} {zone}. Who comes later is served after others.",
    ),
}
