"""What other code imports from this app, module by module: it stays importable (COMPAT-01)."""

from importlib import import_module

import pytest

SURFACE = {
    "courses.validators": """
        MinStrLenValidator FileSizeValidator JSONListValidator ContentTypeValidator validator
        validate_slug_format validate_video_url validate_price_range validate_percentage
        validate_duration_minutes validate_course_requirements validate_learning_objectives
        validate_certificate_number validate_tags validate_phone_number validate_rating
        validate_course_level validate_enrollment_status validate_lesson_type validate_access_level
        validate_resource_type validate_question_type validate_file_extension validate_image_file
        validate_video_file validate_document_file HAS_PIL
    """,
    "courses.validation": """
        sanitize_input validate_content_security normalize_user_role is_subscription_active_safe
        get_subscription_tier_safe get_unified_user_access_level can_user_access_content
        validate_lesson_data validate_instructor_permissions validate_course_data
        get_access_level_display validate_enrollment_data clear_user_access_cache
        ACCESS_LEVEL_CACHE_TIMEOUT SUBSCRIPTION_CACHE_TIMEOUT ACCESS_LEVELS
        SUBSCRIPTION_ACCESS_MAPPING ACCESS_HIERARCHY MAX_TITLE_LENGTH MAX_CONTENT_LENGTH
        MAX_GUEST_CONTENT_LENGTH MIN_DURATION MAX_DURATION DANGEROUS_PATTERNS
        COMPILED_DANGEROUS_PATTERNS
    """,
    "courses.constants": """
        CourseLevel CreationMethod CompletionStatus LessonType AccessLevel ResourceType QuestionType
        EnrollmentStatus Priority get_file_size_limit get_env_decimal get_env_int get_env_bool
        validate_file_type validate_file_size validate_content_length get_business_constraint
        is_valid_choice get_access_level_hierarchy can_user_access_content MAX_FILE_SIZE
        MAX_CONTENT_LENGTH BUSINESS_CONSTRAINTS DANGEROUS_CONTENT_PATTERNS ALLOWED_EXTENSIONS
        ALLOWED_MIME_TYPES DEFAULT_COURSE_PRICE DEFAULT_CURRENCY SUPPORTED_CURRENCIES MIN_RATING
        MAX_RATING RATING_PRECISION DEFAULT_PASSING_SCORE DEFAULT_MAX_ATTEMPTS DEFAULT_TIME_LIMIT
        DEFAULT_PAGE_SIZE MAX_PAGE_SIZE MAX_SEARCH_RESULTS MAX_BULK_OPERATIONS CACHE_TIMEOUTS
        RATE_LIMITS CERTIFICATE_TEMPLATE_VERSIONS DEFAULT_CERTIFICATE_VERSION CONTENT_VERSION_LIMIT
        AUTO_SAVE_INTERVAL ANALYTICS_RETENTION_DAYS REPORT_GENERATION_TIMEOUT ALL_CHOICES
        VALID_VALUES LEVEL_CHOICES CREATION_METHODS COMPLETION_STATUSES LESSON_TYPE_CHOICES
        ACCESS_LEVEL_CHOICES RESOURCE_TYPE_CHOICES QUESTION_TYPE_CHOICES STATUS_CHOICES
    """,
    "courses.models.choices": """
        CourseLevel AccessLevel CompletionStatus EnrollmentStatus
    """,
    "courses.utils": """
        _VALIDATION_AVAILABLE get_unified_access_level can_user_access_content validate_course_data
        validate_lesson_data sanitize_input validate_content_security __version__
        MODULE_AVAILABILITY format_duration format_filesize format_time_spent format_price
        get_user_access_level get_restricted_content_message generate_certificate_number
        generate_verification_hash generate_unique_identifier calculate_completion_percentage
        calculate_course_duration calculate_course_progress update_course_analytics
        generate_unique_slug clean_html_content extract_text_from_html calculate_reading_time
        get_file_extension is_video_file is_image_file is_document_file validate_file_security
        validate_json_field upload_course_thumbnail upload_lesson_resource get_course_stats
        get_user_course_progress check_lesson_access clear_course_caches create_meta_indexes
        create_char_field create_text_field create_json_field create_foreign_key
        create_decimal_field create_check_constraint create_unique_constraint create_index
        validate_model_field_params COURSE_STATS_CACHE_TIMEOUT ANALYTICS_CACHE_TIMEOUT
        SLUG_CACHE_TIMEOUT MAX_FILENAME_LENGTH ALLOWED_IMAGE_EXTENSIONS ALLOWED_VIDEO_EXTENSIONS
        ALLOWED_DOCUMENT_EXTENSIONS
    """,
    "courses.utils.core": """
        get_user_access_level get_restricted_content_message format_duration format_filesize
        format_time_spent format_price generate_certificate_number generate_verification_hash
        generate_unique_identifier calculate_completion_percentage calculate_course_duration
        calculate_course_progress update_course_analytics generate_unique_slug clean_html_content
        extract_text_from_html calculate_reading_time get_file_extension is_video_file is_image_file
        is_document_file validate_file_security validate_json_field upload_course_thumbnail
        upload_lesson_resource get_course_stats get_user_course_progress check_lesson_access
        clear_course_caches COURSE_STATS_CACHE_TIMEOUT ANALYTICS_CACHE_TIMEOUT SLUG_CACHE_TIMEOUT
        MAX_FILENAME_LENGTH ALLOWED_IMAGE_EXTENSIONS ALLOWED_VIDEO_EXTENSIONS
        ALLOWED_DOCUMENT_EXTENSIONS DANGEROUS_HTML_PATTERNS COMPILED_DANGEROUS_PATTERNS
        DEFAULT_PREMIUM_CONTENT_MESSAGE DEFAULT_REGISTERED_CONTENT_MESSAGE
    """,
    "courses.utils.model_helpers": """
        create_meta_indexes create_char_field create_text_field create_json_field create_foreign_key
        create_decimal_field create_check_constraint create_unique_constraint create_index
        validate_model_field_params
    """,
    "courses.permissions": """
        IsEnrolledOrReadOnly IsEnrolled IsInstructorOrAdmin IsOwnerOrReadOnly IsInstructorOrOwner
        IsPremiumUser CanAccessAssessment CanManageCourse IsAuthorOrReadOnly CanViewReports
        IsCourseInstructor get_course_from_object is_user_enrolled_cached is_user_instructor_cached
        get_user_access_level_safe clear_permission_cache bulk_check_enrollments
        ENROLLMENT_CACHE_TIMEOUT INSTRUCTOR_CACHE_TIMEOUT COURSE_CACHE_TIMEOUT
    """,
    "courses.signals": """
        EnrollmentStatus CompletionStatus generate_certificate_number generate_verification_hash
        calculate_course_duration calculate_course_progress update_course_analytics
        prevent_signal_loop audit_signal_action update_course_analytics_async
        create_progress_records update_enrollment_progress calculate_course_progress_optimized
        complete_course_enrollment update_course_ratings update_course_ratings_on_delete
        update_course_duration update_module_duration_atomic update_course_duration_atomic
        update_course_completion_status update_lesson_progress_on_assessment
        create_certificate_atomic validate_signal_connections clear_signal_flags
        _signal_processing_flags _signal_lock CACHE_KEYS CACHE_TIMEOUTS
    """,
    "courses.storage": """
        _validate_storage_config _infer_content_type_from_extension generate_presigned_post
        delete_object _delete_s3_object _delete_gcs_object bulk_delete_objects
        _bulk_delete_s3_objects _bulk_delete_gcs_objects _generate_s3_presigned_post
        _generate_gcs_presigned_post _generate_dummy_presigned_post get_public_url
        validate_file_upload get_file_metadata _get_s3_file_metadata _get_gcs_file_metadata
        check_storage_health _check_s3_health _check_gcs_health get_storage_stats _get_s3_stats
        _get_gcs_stats _storage_config_lock _storage_config_validated STORAGE_PROVIDER
        STORAGE_BUCKET
    """,
    "courses.forms": """
        CategoryForm CategorySearchForm BulkCategoryImportForm
    """,
    "courses.apps": """
        CoursesConfig HAS_RESOURCE HAS_PSUTIL APP_NAME APP_VERBOSE_NAME APP_VERSION IS_WINDOWS
        IS_LINUX IS_MACOS
    """,
    "courses.serializers": """
        ContextPropagationMixin OptimizedQueryMixin EnhancedValidationMixin CategorySerializer
        ResourceSerializer LessonSerializer ModuleSerializer ModuleDetailSerializer
        CourseInstructorSerializer CourseVersionSerializer CourseSerializer CourseDetailSerializer
        CourseCloneSerializer EnrollmentSerializer ProgressSerializer CertificateSerializer
        UserProgressStatsSerializer AnswerSerializer QuestionSerializer QuestionDetailSerializer
        AssessmentSerializer AssessmentAttemptSerializer AttemptAnswerSerializer ReviewSerializer
        NoteSerializer LessonNotesUploadSerializer BulkEnrollmentSerializer CourseFeedbackSerializer
    """,
    "courses.serializers.core": """
        CategorySerializer ResourceSerializer LessonSerializer ModuleSerializer
        ModuleDetailSerializer CourseInstructorSerializer CourseVersionSerializer CourseSerializer
        CourseDetailSerializer CourseCloneSerializer
    """,
    "courses.serializers.enrolment": """
        EnrollmentSerializer ProgressSerializer CertificateSerializer UserProgressStatsSerializer
    """,
    "courses.serializers.analytics": """
        AnswerSerializer QuestionSerializer QuestionDetailSerializer AssessmentSerializer
        AssessmentAttemptSerializer AttemptAnswerSerializer ReviewSerializer NoteSerializer
    """,
    "courses.serializers.misc": """
        LessonNotesUploadSerializer BulkEnrollmentSerializer CourseFeedbackSerializer
        CourseCompletionCertificateRequestSerializer
    """,
    "courses.serializers.mixins": """
        ContextPropagationMixin OptimizedQueryMixin EnhancedValidationMixin SecureSerializerMixin
        CacheOptimizedMixin PermissionAwareMixin AuditTrailMixin ValidationHelperMixin
    """,
    "courses.serializers.utils": """
        HealthCheckSerializer EmptySerializer StatusResponseSerializer ProgressStatsSerializer
        VersionInfoSerializer
    """,
    "courses.views": """
        CacheStatsView URLPatternsView ModuleViewSet CategoryViewSet CourseViewSet
        PublicModuleViewSet InstructorModuleViewSet LessonViewSet EnrollmentViewSet ProgressViewSet
        ReviewViewSet NoteViewSet CertificateViewSet DraftCourseViewSet DraftModuleViewSet
        DraftLessonViewSet DraftCourseContentViewSet CourseEnrollmentView CourseProgressView
        UnifiedSearchView FeaturedContentView CertificateVerificationView InstructorDashboardView
        CourseAnalyticsView CoursePublishingView CourseCloneView APIVersionView
        ResourceManagementView CoursePreviewView CourseVersionControlView UserProgressStatsView
        APIHealthCheckView SecureAPIView OptimizedSerializerMixin ConsolidatedPermissionMixin
        StandardContextMixin SafeFilterMixin StandardResultsSetPagination safe_decimal_conversion
        safe_int_conversion validate_certificate_number validate_permissions_and_raise
        log_operation_safe extract_course_from_object get_cache_key
    """,
    "courses.views.mixins": """
        SafeUserQuerysetMixin StandardResultsSetPagination OptimizedSerializerMixin
        ConsolidatedPermissionMixin StandardContextMixin SafeFilterMixin SensitiveAPIThrottle
        SecureAPIView ThrottleMixin AnalyticsMixin safe_decimal_conversion safe_int_conversion
        validate_certificate_number validate_permissions_and_raise log_operation_safe
        extract_course_from_object get_course_from_object get_cache_key filter_for_access_level
        _operation_lock VIEW_CACHE_TIMEOUTS
    """,
    "courses.views.public": """
        OpenApiParameter CategoryViewSet CourseViewSet ModuleViewSet LessonViewSet UnifiedSearchView
        FeaturedContentView CertificateVerificationView APIVersionView APIHealthCheckView
        extend_schema HAS_DRF_SPECTACULAR
    """,
    "courses.views.user": """
        EnrollmentViewSet ProgressViewSet ReviewViewSet NoteViewSet CourseEnrollmentView
        CourseProgressView CertificateViewSet UserProgressStatsView LegacyUserProgressStatsView
    """,
    "courses.views.instructor": """
        InstructorModuleViewSet InstructorDashboardView CourseAnalyticsView CoursePublishingView
        CourseCloneView
    """,
    "courses.views.draft_content": """
        DraftCourseContentViewSet DraftCourseViewSet DraftModuleViewSet DraftLessonViewSet
        ResourceManagementView CoursePreviewView CourseVersionControlView sanitize_html_content
        SAFE_TAGS SAFE_ATTRIBUTES
    """,
    "courses.views.debug": """
        CacheStatsView URLPatternsView
    """,
    "courses.urls": """
        APIThrottle SensitiveAPIThrottle LegacyEndpointSchema secure_endpoint register_viewset
        CACHE_TIMEOUTS router app_name urlpatterns
    """,
}


@pytest.mark.parametrize("module", SURFACE)
def test_every_published_name_is_importable(module: str) -> None:
    """Each name that the module published is still there."""
    found = import_module(module)

    assert [name for name in SURFACE[module].split() if not hasattr(found, name)] == []


@pytest.mark.parametrize("module", SURFACE)
def test_whatever_a_module_exports_exists(module: str) -> None:
    """A star import of the module works."""
    found = import_module(module)

    assert [name for name in getattr(found, "__all__", ()) if not hasattr(found, name)] == []
