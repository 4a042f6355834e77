//! Reasons for failed calls, in the service's language. Only the text about login and password is documented; the
//! others are the sandbox's own.

use std::fmt;

use crate::schema::Violation;

/// A failed call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    PostOnly,
    NotJson,
    NoMethod,
    UnknownMethod,
    WrongToken,
    ProOnly,
    WrongLogin,
    NoAuthExpected,
    Missing(String),
    Wrong(String),
    Unknown(String),
    TooManyPictures,
    Markup(String),
    NoSection,
    NotThirdLevel,
    NoProperty(String),
    NotInList(String),
    NoProduct,
    AlreadySent,
    Webhook(String),
}

impl Failure {
    /// Builds the failure for a violation of the description.
    pub(super) fn of(violation: &Violation) -> Self {
        let path = violation.path.clone();
        match (violation.missing, path.as_str(), violation.message.as_str()) {
            (true, ..) => Self::Missing(path),
            (_, "", _) => Self::NotJson,
            (_, "PICTURES", message) if message.contains("at most") => Self::TooManyPictures,
            (.., "is unknown") => Self::Unknown(path),
            _ => Self::Wrong(path),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PostOnly => f.write_str("Допускается только метод POST"),
            Self::NotJson => f.write_str("Некорректный JSON в теле запроса"),
            Self::NoMethod => f.write_str("Не указан метод"),
            Self::UnknownMethod => f.write_str("Метод не найден"),
            Self::WrongToken => f.write_str("Неверный токен"),
            Self::ProOnly => f.write_str("Для доступа к API необходим PRO аккаунт"),
            Self::WrongLogin => f.write_str("Неверный логин или пароль"),
            Self::NoAuthExpected => {
                f.write_str("Для получения токена ожидается заголовок Token: NO_AUTH")
            }
            Self::Missing(field) => write!(f, "Не заполнено обязательное поле: {field}"),
            Self::Wrong(field) => write!(f, "Неверное значение поля: {field}"),
            Self::Unknown(field) => write!(f, "Неизвестное поле: {field}"),
            Self::TooManyPictures => f.write_str("Не более 4 картинок: PICTURES"),
            Self::Markup(tag) => write!(f, "Недопустимый тег в поле DESCRIPTION: {tag}"),
            Self::NoSection => f.write_str("Раздел не найден"),
            Self::NotThirdLevel => f.write_str("Требуется раздел 3-го уровня: SECTION_ID"),
            Self::NoProperty(id) => write!(f, "Свойство не найдено в разделе: {id}"),
            Self::NotInList(id) => write!(f, "Значение не входит в список свойства: {id}"),
            Self::NoProduct => f.write_str("Товар не найден"),
            Self::AlreadySent => f.write_str("Товар уже отправлен на модерацию или опубликован"),
            Self::Webhook(why) => write!(f, "Неверный адрес: URL ({why})"),
        }
    }
}
