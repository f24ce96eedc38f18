/* Links the text of schema.sql into the program. */
    .section .rodata
    .global store_schema
store_schema:
    .incbin "src/store/schema.sql"
    .byte 0
    .section .note.GNU-stack,"",@progbits
