/** Any JSON value. The packed client depends on no other package of ours, so it says this itself. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
