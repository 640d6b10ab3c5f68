"""What comes next in a case, as officers say it: of the applicant, not to them."""

TEXTS = {
    "desk.comes.check_claims": ("Data dicocokkan dengan data kependudukan", "The population register is asked"),
    "desk.comes.wait_for_register": ("Menunggu layanan data kependudukan", "The population register has not answered"),
    "desk.comes.choose_appointment": ("Pemohon memilih jadwal", "The applicant chooses a time"),
    "desk.comes.choose_another_appointment": (
        "Pemohon memilih jadwal lain; pembayarannya tetap berlaku",
        "The applicant chooses another time; the payment stays good",
    ),
    "desk.comes.make_bill": ("Tagihan dibuat", "The bill is made"),
    "desk.comes.pay": ("Pemohon membayar tagihan", "The applicant pays the bill"),
    "desk.comes.confirm_seat": ("Jadwal dikonfirmasi", "The appointment is confirmed"),
    "desk.comes.attend": ("Pemohon datang sesuai jadwal", "The applicant comes at the time chosen"),
    "desk.comes.examine_documents": ("Pemeriksaan dokumen", "Document examination"),
    "desk.comes.bring_missing_documents": (
        "Pemohon melengkapi dokumen yang kurang",
        "The applicant brings the missing documents",
    ),
    "desk.comes.check_exit_ban": ("Daftar pencegahan diperiksa", "The exit bans are checked"),
    "desk.comes.interview_and_enrol": ("Wawancara dan perekaman biometrik", "Interview and biometric enrolment"),
    "desk.comes.search_duplicates": ("Sidik jari dan wajah dicocokkan", "Fingerprints and face are compared"),
    "desk.comes.adjudicate": ("Adjudikasi hasil pencocokan", "Adjudication of what the matcher named"),
    "desk.comes.decide_suspension": ("Kepala kantor memutuskan penangguhan", "The head of the office decides the hold"),
    "desk.comes.allocate_booklet": ("Alokasi blangko", "Booklet allocation"),
    "desk.comes.print": ("Pencetakan", "Printing"),
    "desk.comes.answer_print_question": (
        "Petugas cetak memeriksa apakah bukunya tercetak",
        "The printing officer looks whether the booklet is printed",
    ),
    "desk.comes.check_quality": ("Uji kualitas", "Quality inspection"),
    "desk.comes.make_ready": ("Paspor disiapkan untuk diambil", "The passport is made ready"),
    "desk.comes.collect": ("Pemohon mengambil paspor", "The applicant collects the passport"),
    "desk.comes.go_on": ("Permohonan dilanjutkan", "The application goes on"),
    "desk.comes.other": ("Permohonan diproses sistem", "The systems are at work"),
}
