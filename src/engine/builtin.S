/* Links the compiled rules into the program; the Makefile says where they lie. */
    .section .rodata
    .global onrecord_pack
    .global onrecord_pack_end
    .balign 64
onrecord_pack:
    .incbin PACK_FILE
onrecord_pack_end:
    .byte 0
    .section .note.GNU-stack,"",@progbits
