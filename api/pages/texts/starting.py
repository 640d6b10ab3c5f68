"""Texts of who has not applied yet."""

TEXTS = {
    "start.title": ("Ajukan paspor", "Apply for a passport"),
    "start.lead": (
        "Ajukan paspor baru atau penggantian, pilih sendiri hari dan jam kunjungan, lalu ikuti setiap langkah sampai "
        "paspor di tangan Anda.",
        "Apply for a new or replacement passport, choose the day and time of your visit, and follow every step until "
        "you hold it.",
    ),
    "start.now": ("Mulai sekarang", "Start now"),
    "start.check": ("Periksa dulu apakah saya bisa mengajukan", "Check first whether I can apply"),
    "start.follow": ("Ikuti permohonan saya", "Follow my application"),
    "start.how": ("Langkah-langkahnya", "How it works"),
    "start.how.file": ("Isi permohonan", "Fill in the application"),
    "start.how.file.hint": (
        "Sekitar 10 menit, satu pertanyaan per halaman. Isian tersimpan {days} hari.",
        "About 10 minutes, one question a page. Your answers are kept for {days} days.",
    ),
    "start.how.choose": ("Pilih jadwal dan bayar", "Choose a time and pay"),
    "start.how.choose.hint": (
        "Jadwal Anda ditahan {minutes} menit. Bayar tagihan sebelum waktu itu habis.",
        "Your time is held for {minutes} minutes. Pay the bill before they are over.",
    ),
    "start.how.visit": ("Datang satu kali ke kantor", "Visit the office once"),
    "start.how.visit.hint": (
        "Pemeriksaan dokumen, wawancara, foto dan sidik jari.",
        "Documents, interview, photograph and fingerprints.",
    ),
    "start.how.collect": ("Ambil paspor", "Collect the passport"),
    "start.how.collect.hint": (
        "{days} hari kerja setelah wawancara. Anda mendapat satu tanggal pasti.",
        "{days} working days after the interview. You are given one fixed date.",
    ),
    "start.need": ("Yang perlu disiapkan", "What you need"),
    "start.need.adult": ("Dewasa, paspor baru", "Adults, new passport"),
    "start.need.replacement": ("Dewasa, penggantian", "Adults, replacement"),
    "start.need.child": ("Anak", "Children"),
    "start.cost": ("Biaya", "What it costs"),
    "start.cost.what": ("Paspor", "Passport"),
    "start.cost.amount": ("Biaya", "Fee"),
    "start.cost.since": (
        "Tarif yang berlaku sejak {since}.",
        "Tariff in force since {since}.",
    ),
    "start.cost.same_day": ("Tambahan: selesai di hari yang sama", "Extra: issued on the same day"),
    "start.cost.warning": (
        "Biaya yang sudah dibayar ke kas negara tidak dapat dikembalikan.",
        "Fees that were paid to the state treasury cannot be returned.",
    ),
    "product.ordinary_5": ("Paspor biasa, 5 tahun", "Ordinary passport, 5 years"),
    "product.ordinary_10": ("Paspor biasa, 10 tahun", "Ordinary passport, 10 years"),
    "product.electronic_5": ("Paspor elektronik, 5 tahun", "Electronic passport, 5 years"),
    "product.electronic_10": ("Paspor elektronik, 10 tahun", "Electronic passport, 10 years"),
    "paper.id_card": ("KTP elektronik (e-KTP)", "Identity card (KTP)"),
    "paper.family_card": ("Kartu keluarga", "Family card"),
    "paper.birth_record": (
        "Akta kelahiran, ijazah, buku nikah, atau surat baptis",
        "Birth certificate, school diploma, marriage book or baptism record",
    ),
    "paper.previous_passport": ("Paspor lama", "Previous passport"),
    "paper.parents_ids": ("KTP kedua orang tua", "Identity cards of both parents"),
    "paper.parents_consent": ("Surat persetujuan orang tua", "Written consent of the parents"),
    "paper.power_of_attorney": ("Surat kuasa", "Power of attorney"),
    "paper.other": ("Dokumen lain", "Another document"),
    "eligibility.title": ("Apakah saya bisa mengajukan?", "Can I apply?"),
    "eligibility.holds": (
        "Apakah Anda memegang paspor yang masih berlaku?",
        "Do you hold a passport that is still valid?",
    ),
    "eligibility.left": (
        "Berapa lama paspor Anda masih berlaku?",
        "How long is your passport still valid?",
    ),
    "eligibility.left.less": ("Kurang dari {months} bulan", "Less than {months} months"),
    "eligibility.left.more": ("{months} bulan atau lebih", "{months} months or more"),
    "eligibility.age": ("Untuk siapa paspor ini?", "Who is the passport for?"),
    "eligibility.age.adult": ("Berusia {age} tahun atau lebih, atau sudah menikah", "Aged {age} or over, or married"),
    "eligibility.age.child": ("Anak di bawah {age} tahun", "A child under {age}"),
    "eligibility.yes": ("Ya", "Yes"),
    "eligibility.no": ("Tidak", "No"),
    "eligibility.choose": ("Pilih salah satu jawaban", "Choose one of the answers"),
    "eligibility.result.can": ("Anda dapat mengajukan di sini", "You can apply here"),
    "eligibility.result.can.text": (
        "Siapkan dokumen berikut. Foto atau pindaian yang jelas sudah cukup; aslinya dibawa ke kantor.",
        "Have these documents ready. A clear photo or scan is enough; bring the originals to the office.",
    ),
    "eligibility.result.holds": (
        "Anda belum dapat mengajukan paspor baru",
        "You cannot apply for a new passport yet",
    ),
    "eligibility.result.holds.text": (
        "Selama paspor Anda berlaku, ajukan penggantian: saat sisa masa berlaku kurang dari {months} bulan, atau saat "
        "halamannya penuh.",
        "While your passport is valid, apply for a replacement: when less than {months} months are left, or when its "
        "pages are full.",
    ),
    "eligibility.result.not_yet": ("Belum waktunya mengganti paspor", "It is too early to replace the passport"),
    "eligibility.result.not_yet.text": (
        "Penggantian karena habis berlaku dibuka saat sisa masa berlaku kurang dari {months} bulan.",
        "Replacement because of expiry opens when less than {months} months are left.",
    ),
    "eligibility.result.office": ("Datang langsung ke kantor imigrasi", "Go to an immigration office in person"),
    "eligibility.result.office.text": (
        "Paspor hilang atau rusak dan perubahan data dimulai dengan berita acara pemeriksaan di kantor.",
        "Lost or damaged passports and changes of data begin with an examination record at the office.",
    ),
    "paper.extra.lost": ("Surat keterangan hilang dari kepolisian", "The police report of the loss"),
    "paper.extra.damaged": ("Paspor yang rusak", "The damaged passport"),
    "paper.extra.data_change": (
        "Paspor lama, dan penetapan pengadilan atau surat yang menjadi dasar perubahan",
        "The passport, and the court decree or record that the change rests on",
    ),
    "eligibility.cost": (
        "Biaya {least} sampai {most}, menurut jenis dan masa berlaku paspor. Dibayar setelah memilih jadwal.",
        "The fee is {least} to {most}, by kind and validity of the passport. It is paid after choosing a time.",
    ),
    "eligibility.where": ("Ke mana", "Where to go"),
    "eligibility.where.can": (
        "Anda memilih sendiri kantor, hari dan jamnya. Kunjungan hanya satu kali, lalu paspor diambil di kantor itu.",
        "You choose the office, the day and the time. It is one visit, and the passport is collected at that office.",
    ),
    "eligibility.where.office": (
        "Datang langsung pada jam kerja, tanpa permohonan di sini, ke salah satu kantor ini:",
        "Go in person during working hours, without an application here, to one of these offices:",
    ),
    "eligibility.again": ("Ulangi dari awal", "Start again"),
}
