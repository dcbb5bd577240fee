"""Words as class lists write them, in many languages: column headers, roles, and ways to say that a child has left.

Plain data. Words are separated by semicolons and compared folded (no accents, no case, letters and digits
only; see ``headers.fold``). Where several columns could serve, the word that stands first wins.
"""

from __future__ import annotations

# Our field -> the headers that mean it.
FIELD_WORDS: dict[str, str] = {
    "given": """
        given names; given name; given; first name; first; forename; forenames; fname; firstname; legal first
        name; christian name; prenom; prenoms; nombre de pila; primer nombre; nombres; vorname; vornamen;
        rufname vorname; primeiro nome; nome proprio; voornaam; fornavn; förnamn; etunimi; imię; imie; jmeno;
        ad; adı; имя; імя; ім'я; الاسم الأول; الاسم الاول; الإسم الأول; اسم الطالب الأول; نام; 名; 名字; שם פרטי;
        όνομα; ime; keresztnév; ชื่อ; prenume""",
    "family": """
        family names; family name; family; last name; last; surname; lname; lastname; legal last name; sur name;
        nom de famille; nom de naissance; apellidos; apellido; primer apellido; apellido paterno; apellido 1;
        1er apellido; nachname; familienname; zuname; cognome; sobrenome; apelido; ultimo nome; último nome;
        achternaam; familienaam; etternavn; efternavn; efternamn; sukunimi; nazwisko; prijmeni; příjmení; soyad;
        soyadı; фамилия; прізвище; اسم العائلة; العائلة; اللقب; الكنية; الاسم الأخير; الاسم الاخير; الشهرة; نام
        خانوادگی; 姓; 姓氏; שם משפחה; επώνυμο; prezime; vezetéknév; นามสกุล; nume de familie""",
    "family_second": """
        segundo apellido; apellido materno; apellido 2; 2o apellido; 2do apellido; second surname; segundo
        sobrenome""",
    "middle": """
        middle name; middle names; middle; middle initial; mi; mname; second name; second given name; deuxieme
        prenom; segundo nombre; zweiter vorname; secondo nome; nome do meio; отчество; по батькові; اسم الأب;
        الاسم الأوسط; tussenvoegsel; patronymic""",
    "full_name": """
        full name; name full; full_name (full_name); student name; pupil name; learner name; child name; child's
        name; first and last name; first name and last name; first name last name; first last; name and surname;
        name surname; given and family name; last first; lastfirst; last name first name; last name first;
        surname first name; surname name; family name first name; students; student; pupil; pupils; learner;
        learners; child; children; kids; scholar; names; participant; your name; nom et prenom; nom prenom; noms
        et prenoms; prenom nom; prenom et nom; nom complet; eleve; eleves; nombre y apellidos; nombre y
        apellido; nombres y apellidos; apellidos y nombre; apellidos y nombres; apellidos nombre; apellido y
        nombre; nombre completo; alumno; alumnos; alumna; alumno a; estudiante; estudiantes; vor und nachname;
        vorname nachname; name vorname; nachname vorname; familienname vorname; vollstandiger name; schuler;
        schulerin; schulername; schueler; schuler in; schulerinnen und schuler; kind; cognome e nome; nome e
        cognome; cognome nome; nome cognome; alunno; alunni; studente; studenti; nominativo; nome completo; nome
        do aluno; aluno; alunos; estudantes; leerling; leerlingen; elev; elever; uczen; ученик; фио; имя и
        фамилия; фамилия имя; учень; ученики; الاسم الكامل; الاسم كاملا; اسم الطالب; اسم الطالبة; اسم التلميذ;
        الطالب; الطلاب; التلميذ; التلاميذ; الاسم واللقب; الاسم الثلاثي; الاسم الرباعي; اسم الطالب الثلاثي; اسم
        الطالب الرباعي; نام و نام خانوادگی; 姓名; 氏名; 学生姓名;
        이름; 성명; שם מלא; שם התלמיד; ονοματεπώνυμο; ad soyad;
        adı soyadı; họ và tên; họ tên; imię i nazwisko""",
    "preferred": """
        preferred given name; preferred first name; preferred name; preferred; prefers; nickname; nick name;
        nick; known as; goes by; called; call name; called name; short name; display name; usual name; prenom
        usuel; prenom d'usage; surnom; nombre preferido; nombre de uso; apodo; rufname; spitzname; anzeigename;
        nome preferito; soprannome; nome social; alcunha; roepnaam; tilltalsnamn; اسم الشهرة; اللقب المفضل;
        الاسم المفضل""",
    "source_id": """
        sourced id; sis id; student sis id; sis user id; sis student id; user sourced id; student id; student id
        number; pupil id; learner id; stu id; stuid; user id; person id; local id; local student id; student
        local id; student number; student no; stu number; pupil number; student code; external id; id externe;
        externalid; database id; database id uuid; uuid; guid; id number; identifier; identifier identifier;
        unique id; unique identifier; upn; uln; ufi; ssid; sasid; lasid; nsn; usn; lrn; ine; id; ids; numero
        eleve; identifiant; identifiant eleve; id eleve; numero interne; matricule; ide; matricula; numero de
        matricula; nie; codigo; codigo alumno; id alumno; identificador; rut; curp; ra; numero do aluno; n
        aluno; schuler id; schulernummer; schuelernummer; personennummer; kennung; schlussel; record uid;
        codice; codice alunno; matricola; id alunno; codigo do aluno; id aluno; leerlingnummer; رقم الطالب; معرف
        الطالب; المعرف; رقم القيد; الرقم الأكاديمي; الرقم الاكاديمي; 学号; 學號; 学籍番号;
        student primary id; primary id; state id; state student id;
        state number; admission number; admission no; adm no; roll number id; username; user name; username
        username; login id; login; login name; benutzername; anmeldename; identifiant ent; nom d'utilisateur;
        nombre de usuario; usuario; nome utente; nome de usuario; اسم المستخدم""",
    "class": """
        class; classes; class name; class names; class title; homeroom; home room; homeroom name; section;
        sections; section name; form; form group; form class; tutor group; registration group; reg group;
        register; enrolled in; learner enrollment enrolled in; learner enrolment enrolled in; learner
        enrollment; cohort; cohort1; cohorts; course1; class group; class section; advisory; room class;
        division; classe; classes enfants; classe s; libelle classe; clase; clases; grupo; grupos; grupo clase;
        seccion; aula; paralelo; klasse; klassen; lerngruppe; klassenname; klassenbezeichnung; sezione; classi;
        turma; turmas; klas; stamgroep; klass; luokka; klasa; trida; sinif; класс; клас; الصف; الفصل; الشعبة;
        القسم; الفوج; کلاس; 班级; 班級; 班; 組; クラス; 반; כיתה; τμήμα; lớp; osztály; razred""",
    "grade": """
        grade; grades; grade level; year; year group; year level; level; school year level; niveau; cycle
        niveau; grado; curso; nivel; ano; serie; jahrgang; jahrgangsstufe; klassenstufe; stufe; anno; leerjaar;
        ks; key stage; المرحلة; المستوى; السنة; الصف الدراسي; 年级; 年級; 学年; 학년; שכבה; τάξη; evfolyam""",
    "role": """
        role; roles; user type; user type user_type; usertype; type of user; person type; user role; base role;
        account type; rol; funcao; papel; perfil; rolle; ruolo; profil; profile; الدور; نوع المستخدم;
        benutzertyp; role type; course role""",
    "status": """
        status; enrollment status; enrolment status; enroll status; student status; enrollment state; active
        status; record status; statut; estado; situacao; situacion; stato; stand; الحالة; aktion; action;
        enrollment""",
}

# A bare "name" is the family name beside a first-name column, the given name beside a family name, else all of it.
NAME_WORDS = """
    name; nom; nombre; nome; naam; navn; namn; nimi; الاسم; الإسم; имя фамилия; ovoma; שם; tên; isim; nama; jina"""

# Whole-name headers that say themselves which part comes first.
LAST_FIRST_WORDS = """
    last first; lastfirst; last name first name; last name first; surname first name; surname name; family name
    first name; nom prenom; nom et prenom; noms et prenoms; apellidos y nombre; apellidos y nombres; apellidos
    nombre; apellido y nombre; name vorname; nachname vorname; familienname vorname; cognome e nome; cognome
    nome; фамилия имя"""
FIRST_LAST_WORDS = """
    first and last name; first name and last name; first name last name; first last; name and surname; name
    surname; given and family name; prenom nom; prenom et nom; nombre y apellidos; nombre y apellido; nombres y
    apellidos; vor und nachname; vorname nachname; nome e cognome; nome cognome; imię i nazwisko; ad soyad; имя
    и фамилия"""

# Class columns whose cells may hold several classes.
PLURAL_WORDS = """
    classes; classes enfants; klassen; clases; classi; turmas; grupos; sections; cohorts; enrolled in; learner
    enrollment enrolled in; learner enrolment enrolled in; learner enrollment; class names; classe s"""

# Columns that are none of our business; never read, never offered.
PRIVATE_WORDS = """
    password; passwort; mot de passe; contrasena; senha; كلمة المرور; password password; phone; telephone; tel;
    mobile; sms; cell; telefono; telefon; telefone; cellulare; portable; telephone travail; telephonetravail;
    telephone domicile; telephone portable; primary phone; home phone; race; ethnicity; race codes; ethnicity
    codes; hispanic; hispanic latino; hispanicorlatinoethnicity; asian; white; black; blackorafricanamerican;
    disability; disabilities; sped placement; sped; special education; iep; plan 504; 504; sped level of need;
    limited english proficiency; home language; language; lep; ell; free reduced lunch; meal status; lunch
    status; frl; birthdate; birth date; date of birth; dob; birthday; birth year; birth year birth_year; date
    naissance; date de naissance; ne le; fecha de nacimiento; nacimiento; geburtsdatum; geburtstag; geb datum;
    data di nascita; data de nascimento; تاريخ الميلاد; 出生日期; 生年月日; birth city; birth state; birth country;
    gender; gender gender; sex; sexe; sexo; geschlecht; sesso; genero; genere; الجنس; pronouns; religion;
    nationality; address; adresse; direccion; indirizzo; endereco; العنوان; student address; street; postcode;
    zip; zip code; cp; cp1; plz; city; ville; ciudad; ort; citta; cidade; commune; state; country; pays; pais;
    land; email; e mail; mail; email address; secondary email; primary email; courriel; correo; correo
    electronico; البريد الإلكتروني; parent email; medical; allergies; ssn; social security number; aadhaar;
    passport; photo; age; edad; alter; eta; idade; العمر; counselor; program assigned"""
PRIVATE_TOKENS = """
    address; adresse; allergies; allergy; birth; birthdate; disability; dob; ethnicity; geburtsdatum; gender;
    iep; lunch; meal; medical; nacimiento; naissance; passwd; password; passwort; phone; phones; pin; race;
    races; religion; sms; sped; ssn; telefono; telephone"""

# Columns of no use here that still prove a row to be a header.
OTHER_WORDS = """
    timestamp; date; school; school id; school name; school sis id; school code; school local id; enabled user;
    title; org sourced id; org sourced ids; user ids; agents; agent sourced ids; date last modified; course;
    courses; course id; course name; course number; section id; section number; section sis id; class id; class
    sourced id; term; term id; period; periods; teacher; teacher id; teacher name; teacher email; start date;
    end date; begin date; graduation year; registration date; house; no; nr; num; number; n; roll no; roll
    number; seat; seat no; comments; comment; notes; note; remarks; score; points; total; assessment; subject;
    test; group; group id; account id; fonction; directeur; qualification; teacher number; schule; schulen;
    ecole; escuela; colegio; scuola; escola; المدرسة; المعلم; ملاحظات; رقم; م; property name; value; type; name
    short; long name; short name course; parent; guardian; mother; father; authentication provider id;
    integration id; root account; primary; flag; school year; district school year; term local id; mentor;
    tutor; points possible"""

# Columns only a list of teachers has.
STAFF_WORDS = """
    fonction; directeur; qualification; qualifications; teacher number; teacher sis id; staff id; staff number;
    employee id; hire date; job title; position; department; discipline; funcion; cargo; dienstbezeichnung;
    lehrer id"""

# Words in a header that only say whose: "Student Name", "Prénom de l'élève".
AUDIENCE_TOKENS = """
    alumna; alumno; alumnos; alunni; alunno; aluno; alunos; child; children; childs; eleve; eleves; enfant;
    enfants; estudiante; estudiantes; kid; kind; kindes; learner; learners; leerling; legal; participant; pupil;
    pupils; schuelers; schuler; schulerin; schulers; student; studente; students; user; users"""
STOP_TOKENS = """
    a; and; d; da; de; del; della; den; der; des; di; do; du; e; el; et; l; la; le; o; of; s; the; und; y; your"""

# With one of these the column is about somebody or something else: "School Name", "Parent First Name".
FOREIGN_TOKENS = """
    account; advisor; agent; assessment; author; building; bus; city; coach; company; contact; counselor;
    country; course; courses; department; district; docente; doctor; ecole; eltern; emergency; enseignant;
    escola; escuela; event; facility; father; file; group; groups; guardian; guardians; institution; lehrer;
    lehrkraft; location; mac; madre; maestro; mentor; mere; metadata; mother; mutter; org; padre; parent;
    parents; parentsourced; partner; pere; principal; printer; profesor; program; relationship; responsable;
    responsables; responsible; room; school; schools; schule; scuola; server; sibling; spouse; staff; street;
    subject; teacher; teachers; term; terms; test; tutor; tutore; vater"""

# Values of a role column.
STUDENT_ROLES = """
    student; students; learner; pupil; child; eleve; élève; alumno; alumna; estudiante; schüler; schuler;
    schueler; schülerin; studente; alunno; aluno; leerling; elev; طالب; طالبة; تلميذ; studentenrollment"""
OTHER_ROLES = """
    teacher; aide; administrator; admin; parent; guardian; relative; coach; class coach; facility coach;
    facility admin; superuser; proctor; professor; staff; faculty; ta; teaching assistant; observer; designer;
    principal; counselor; site administrator; district administrator; system administrator; school admin;
    adjunct; lecturer; support; substitute; therapist; nurse; librarian; employee; enseignant; enseignante;
    professeur; personnel; directeur; docente; profesor; profesora; maestro; tutor; lehrer; lehrerin; lehrkraft;
    mitarbeiter; eltern; insegnante; genitore; leraar; manager; editingteacher; معلم; مدرس; ولي أمر"""

# Values of a status column: no longer here.
LEFT_WORDS = """
    inactive; to be deleted; tobedeleted; deleted; left; withdrawn; withdrew; transferred; transfer; graduated;
    dropped; exited; expelled; unenrolled; not enrolled; no longer enrolled; concluded; archived; removed;
    inactif; inactive student; parti; radié; sorti; inactivo; inactiva; baja; retirado; trasladado; inaktiv;
    abgemeldet; ausgetreten; abgang; inattivo; ritirato; trasferito; inativo; transferido; desistente; غير نشط;
    منسحب; منقول"""

# Rows of reports that are about nobody.
NOT_PEOPLE = """
    points possible; points; date; total; total students; totals; count; average; class average;
    mean; sum; student test; test
    student; end of report; summe; anzahl; effectif; total de alumnos"""
